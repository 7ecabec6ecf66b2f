import { DEFAULT_VALIDATION_SCHEMA } from '../../../lib';
import { startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';

async function start() {
  const upstream = await startUpstream();
  const config = { validationSchema: DEFAULT_VALIDATION_SCHEMA, strict: true };
  return startRestAction(upstream.url, {}, config);
}

test.each<[string, unknown]>([
  ['nothing', {}],
  ['a number', { a: -1.5 }],
  ['text', { a: 'Straße 1.5, 100%' }],
  ['an empty text', { a: '' }],
  ['text with a line feed', { a: 'a\nb' }],
  ['an object, whatever is in it', { a: { b: '../x?y#z', c: [true, null] } }],
])('DEFAULT_VALIDATION_SCHEMA allows %s', async (_name, args) => {
  const { post } = await start();
  expect(await post(args)).toMatchObject({ status: 200 });
});

test.each<[string, unknown]>([
  ['..', 'a..b'],
  ['.. behind a line feed', 'a\n..'],
  ['?', 'a?b'],
  ['#', '#'],
  ['a backslash', 'a\\b'],
  ['a slash', 'a\n/b'],
  ['a boolean', true],
  ['null', null],
  ['an array', ['a']],
])('DEFAULT_VALIDATION_SCHEMA refuses %s as a top-level value', async (_name, value) => {
  const { post } = await start();
  const answer = await post({ ok: 1, value });
  expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
  expect(answer.json.details.description).toContain('value');
});

test('DEFAULT_VALIDATION_SCHEMA is linear in the length of a text', async () => {
  const { post } = await start();
  for (const a of ['.a'.repeat(500_000), 'a'.repeat(1_000_000), `${'. '.repeat(500_000)}/`]) {
    const { status } = await post({ a });
    expect(status).toBe(a.endsWith('/') ? 400 : 200);
  }
});
