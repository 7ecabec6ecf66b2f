import { watchPrototypes } from '../../test/fuzz/prototypes';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const DEEP =
  '{"__proto__":{"x":"1"},"constructor":{"prototype":{"x":"2"}},"prototype":"3","a":"4"}';
const FLAT = '{"__proto__":"1","constructor":"2","prototype":"3","a":"4"}';

let areUntouched: () => boolean;
beforeEach(() => void (areUntouched = watchPrototypes()));
afterEach(() => expect(areUntouched()).toBe(true));

/** An upstream that answers what it was sent. */
function startEcho(status = 200) {
  return startUpstream((request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(request.body);
  });
}

promise(
  'I7',
  'The keys __proto__, constructor and prototype of args and answers of REST change no prototype, and arrive like any other key.',
  (express) => {
    test.each<[string, object]>([
      ['untouched', {}],
      ['copied by hooks', { transformResponseData: (data: object) => ({ ...data }) }],
    ])('in bodies, %s', async (_name, more) => {
      const { url, requests } = await startEcho();
      const definition = {
        method: 'POST',
        params: (args: any) => ({ body: { ...args } }),
        ...more,
      };
      const { post, call } = await startRestAction(url, definition as object, {}, { express });
      for (const text of [DEEP, FLAT]) {
        expect((await post(text)).text).toBe(text);
        expect(JSON.stringify((await call({ args: JSON.parse(text) })).responseData)).toBe(text);
      }
      expect(requests.map(({ body }) => body.toString())).toEqual([DEEP, DEEP, FLAT, FLAT]);
    });

    test('in a query', async () => {
      const { url, requests } = await startUpstream();
      const params = (args: any) => ({ query: args });
      const { post, get } = await startRestAction(url, { params }, {}, { express });
      expect(await post(FLAT)).toMatchObject({ status: 200 });
      // Of __proto__ in a query, Express 4 tells nobody.
      expect(await get('s/run?constructor=2&prototype=3&a=4')).toMatchObject({ status: 200 });
      const queries = requests.map((request) => [...new URL(request.url, url).searchParams]);
      const all = Object.entries(JSON.parse(FLAT) as object);
      expect(queries).toEqual([all, all.slice(1)]);
    });

    test('in the details of an error', async () => {
      const { url } = await startEcho(400);
      const definition = { method: 'POST', params: (body: object) => ({ body }) } as const;
      const { post, call } = await startRestAction(url, definition, {}, { express });
      const own = '{"__proto__":{"x":"1"},"constructor":{"prototype":{"x":"2"}},"prototype":"3"';
      for (const body of [`{"code":"X","details":${DEEP}}`, `{"code":"X","details":[${DEEP}]}`]) {
        const answer = await post(body);
        expect(answer).toMatchObject({ status: 400, json: { code: 'X' } });
        expect(answer.text).toContain(own.slice(1));
        const { error } = await failureOf(call({ args: JSON.parse(body) }));
        expect(JSON.stringify(error)).toContain(own.slice(1));
      }
    });
  },
);

promise(
  'I7',
  'Headers called __proto__, constructor or prototype change no prototype and take no other header away.',
  (express) => {
    test.each(['controller', 'api'])('by %s', async (door) => {
      const upstream = await startUpstream();
      const proxyHeaders = (headers: any): any => headers;
      const { post, call } = await startRestAction(upstream.url, { proxyHeaders }, {}, { express });
      const headers = JSON.parse(FLAT) as Record<string, string>;
      await (door === 'api' ? call({ headers }) : post({}, headers));
      expect(upstream.last.headers).toMatchObject({ a: '4', accept: 'application/json, */*' });
    });
  },
);

promise(
  'I7',
  'The keys __proto__, constructor and prototype in GATEWAY_ENDPOINTS_OVERRIDES change no prototype and no endpoint, and the one warning names them.',
  (express) => {
    afterEach(() => void delete process.env['GATEWAY_ENDPOINTS_OVERRIDES']);

    test.each([
      ['as services', '{"__proto__":{"endpoint":"URL"},"constructor":{"endpoint":"URL"}}'],
      ['as services of a scope', '{"root.__proto__":{"endpoint":"URL"},"__proto__.s":{}}'],
      ['as endpoints', '{"s":{"__proto__":"URL","constructor":{"path":"URL"}}}'],
    ])('%s', async (_place, text) => {
      const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
      const [mine, other] = [await startUpstream(), await startUpstream()];
      process.env['GATEWAY_ENDPOINTS_OVERRIDES'] = text.replaceAll('URL', other.url);
      const { post } = await startRestAction(mine.url, {}, {}, { express });
      expect(await post()).toMatchObject({ status: 200 });
      expect([mine.requests.length, other.requests.length]).toEqual([1, 0]);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(String(warn.mock.calls[0])).toContain('__proto__');
      warn.mockRestore();
    });
  },
);
