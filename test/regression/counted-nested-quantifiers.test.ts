import { getGatewayControllers, mixed } from '../../lib';

function warningsOf(pattern: string): number {
  const [warn, quiet] = [jest.fn(), () => undefined];
  const validationSchema = { properties: { a: { type: 'string', pattern } } };
  const run = mixed(() => 'ok', { validationSchema });
  const logger = { debug: quiet, info: quiet, warn, error: quiet };
  getGatewayControllers({ root: { s: { actions: { run } } } }, { logger });
  return warn.mock.calls.length;
}

test.each(['(.*a){20}', '^(\\d+){12}$', '^(a+){10}$'])(
  'I6: the pattern %s takes time that grows with a high power of the text, and is warned of',
  (pattern) => expect(warningsOf(pattern)).toBe(1),
);

test.each(['^(?:\\d{1,3}\\.){3}\\d{1,3}$', '^([a-f\\d]{2}:){5}[a-f\\d]{2}$', '^(\\d{2}){10}'])(
  'I6: the pattern %s is quick, and not warned of',
  (pattern) => expect(warningsOf(pattern)).toBe(0),
);
