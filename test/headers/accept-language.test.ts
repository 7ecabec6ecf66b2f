import type { GatewayConfig } from '../../lib';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { ways } from './call-by';
import type { Way } from './call-by';

const en = 'Access denied';
const ru = 'Доступ запрещён';

async function start(config: GatewayConfig<any, any, any> = {}) {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, 403));
  const { post, call } = await startRestAction(upstream.url, {}, config);
  async function readTitle(way: Way, headers: object) {
    if (way === 'controller')
      return (await post({}, headers as never)).json.details.title as string;
    return (await failureOf(call({ headers }))).error.details.title as string;
  }
  return { upstream, readTitle };
}

const lists: [header: string | undefined, title: string][] = [
  [undefined, en],
  ['', en],
  ['ru', ru],
  ['RU', ru],
  ['ru-RU', ru],
  ['ru-Cyrl-RU;q=0.9', ru],
  ['ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7', ru],
  ['en-US,en;q=0.9,ru;q=0.8', en],
  ['en;q=0.2, ru;q=0.7', ru],
  ['en;q=0.5,ru', ru],
  ['ru;q=0', en],
  ['en;q=0, ru;q=0.1', ru],
  ['fr-FR, de;q=0.9', en],
  ['fr-FR, ru;q=0.1', ru],
  ['*', en],
  ['*;q=0.1, ru;q=0.5', ru],
  [' ru ; q=1.000 ', ru],
  [';;;,,,=;q=q', en],
  ['__proto__, constructor', en],
];

test.each(ways.flatMap((way) => lists.map(([header, title]) => [way, header, title] as const)))(
  'by %s, texts follow the list %s',
  async (way, header, title) => {
    const { readTitle } = await start();
    const headers = header === undefined ? {} : { 'accept-language': header };
    expect(await readTitle(way, headers)).toBe(title);
  },
);

test('a list without end is read at its beginning only', async () => {
  const { readTitle } = await start();
  const list = `${'fr,'.repeat(1_000)}ru`;
  expect(await readTitle('controller', { 'accept-language': list })).toBe(en);
  expect(await readTitle('controller', { 'accept-language': `ru,${list}` })).toBe(ru);
});

test('defaultLang is the language of texts where none is wanted that ships', async () => {
  const { readTitle } = await start({ defaultLang: 'ru' });
  expect(await readTitle('controller', {})).toBe(ru);
  expect(await readTitle('controller', { 'accept-language': 'fr' })).toBe(ru);
  expect(await readTitle('controller', { 'accept-language': 'en' })).toBe(en);
});

test.each(ways)(
  'by %s, accept-language goes upstream as it came, else defaultLang',
  async (way) => {
    const { upstream, readTitle } = await start({ defaultLang: 'ru' });
    await readTitle(way, { 'accept-language': 'fr-FR, en;q=0.5' });
    await readTitle(way, {});
    const sent = upstream.requests.map(({ headers }) => headers['accept-language']);
    expect(sent).toEqual(['fr-FR, en;q=0.5', 'ru']);
  },
);

test('through api the name may be in any case', async () => {
  const { upstream, readTitle } = await start();
  expect(await readTitle('api', { 'Accept-Language': 'ru' })).toBe(ru);
  expect(upstream.last.headers['accept-language']).toBe('ru');
});

test.each([
  ['users/absent', 'Неизвестное действие сервиса'],
  ['absent/list', 'Неизвестный сервис'],
])('the controller answers %s in the language of the request', async (path, message) => {
  const actions = { list: { method: 'GET', path: '/' } };
  const gateway = await startGateway({ root: { users: { actions } } } as never);
  const answer = await gateway.post(path, {}, { 'accept-language': 'ru' });
  expect(answer).toMatchObject({ status: 404, json: { message } });
});

test('failures that the gateway finds itself are told in the language of the request', async () => {
  const { call } = await startRestAction('http://127.0.0.1:1', { endpoint: 'absent' });
  const { error } = await failureOf(call({ headers: { 'accept-language': 'ru' } }));
  expect(error).toMatchObject({ code: 'ENDPOINT_NOT_FOUND', message: 'Эндпоинт не найден' });
});

test('a mixed action is told the language, and its inner calls keep it', async () => {
  const upstream = await startUpstream();
  const actions = {
    inner: { method: 'GET', path: '/' },
    outer: async (api: any, _args: object, { lang }: any) => {
      await api.s.inner();
      return { lang };
    },
  };
  const gateway = await startGateway({
    root: { s: { endpoints: upstream.url, actions } },
  } as never);
  const answer = await gateway.post('s/outer', {}, { 'accept-language': 'de-AT, ru;q=0.3' });
  expect(answer.json).toEqual({ lang: 'de' });
  expect(upstream.last.headers['accept-language']).toBe('de-AT, ru;q=0.3');
});
