import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const annotated = { type: 'string', deprecated: true, example: 'a', externalDocs: {}, xml: {} };

test.each([undefined, 'https://json-schema.org/draft/2020-12/schema'])(
  'a validation schema with annotations of OpenAPI builds and checks ($schema %s)',
  async ($schema) => {
    const { url } = await startUpstream();
    const validationSchema = {
      ...($schema !== undefined && { $schema }),
      type: 'object',
      properties: { name: annotated },
    };
    const list = { method: 'GET', path: '/', validationSchema } as const;
    const { post } = await startGateway({ root: { s: { endpoints: url, actions: { list } } } });
    expect((await post('s/list', { name: 'x' })).status).toBe(200);
    expect((await post('s/list', { name: 1 })).json).toMatchObject({ code: 'INVALID_PARAMS' });
  },
);
