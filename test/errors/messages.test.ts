import { messageIn } from '../../lib/errors/messages';
import type { MessageKey } from '../../lib/errors/messages';

/** Each key once: the compiler finds one that is missing here, or that no catalogue has. */
const KEYS = {
  accessDenied: true,
  unknownService: true,
  unknownAction: true,
  endpointNotFound: true,
  invalidParams: true,
  invalidPathParam: true,
  invalidBody: true,
  bodyNotParsed: true,
  invalidResponse: true,
  invalidContentType: true,
  unexpectedRedirect: true,
  responseTooLarge: true,
  unreachable: true,
  timeout: true,
  cancelled: true,
  requestFailed: true,
  overloaded: true,
  closed: true,
  streamNotSupported: true,
  callbackRequired: true,
  reflectionFailed: true,
  middlewareTimeout: true,
  unauthenticated: true,
  invalidToken: true,
  tokenNotChecked: true,
  rateLimited: true,
  rateLimitUnavailable: true,
  allPartsFailed: true,
  invalidProxyPath: true,
  unknownProxyPath: true,
  bodyAlreadyRead: true,
  upgradeNotSupported: true,
  methodNotSupported: true,
  transferCodingNotSupported: true,
  proxyNotCallable: true,
  internal: true,
} satisfies Record<MessageKey, true>;

const keys = Object.keys(KEYS) as MessageKey[];

test.each(keys)('%s has a text in English and one in Russian', (key) => {
  expect(messageIn(['en'], key)).toMatch(/^[A-Z][ -~]+$/);
  expect(messageIn(['ru'], key)).toMatch(/^[А-ЯЁ][а-яё]+( |$)/);
});

test.each(['en', 'ru'])('no two texts of %s are the same', (language) => {
  const texts = keys.map((key) => messageIn([language], key));
  expect(new Set(texts).size).toBe(keys.length);
});

test('a language that does not ship is passed over, and English is the last resort', () => {
  expect(messageIn(['de', 'ru', 'en'], 'timeout')).toBe(messageIn(['ru'], 'timeout'));
  expect(messageIn(['de', '__proto__', 'constructor'], 'timeout')).toBe(
    messageIn(['en'], 'timeout'),
  );
});
