/** The texts that the gateway itself writes, by language. `en` and `ru` ship. */
export type MessageKey = keyof typeof EN;

const EN = {
  accessDenied: 'Access denied',
  unknownService: 'Unknown service',
  unknownAction: 'Unknown service action',
  endpointNotFound: 'Endpoint has not been found',
  invalidParams: 'Invalid parameters',
  invalidPathParam: 'Invalid value of a path parameter',
  invalidBody: 'The request body must be a JSON object',
  bodyNotParsed:
    'The request has a body that nothing has parsed: mount express.json() before the gateway, and send content-type: application/json',
  invalidResponse: 'The upstream service gave an invalid response',
  invalidContentType: 'The upstream service answered with an unexpected content type',
  unexpectedRedirect: 'The upstream service answered with a redirect that is not followed',
  responseTooLarge: 'The response of the upstream service is too large',
  unreachable: 'The upstream service cannot be reached',
  timeout: 'The upstream service did not answer in time',
  cancelled: 'The request was cancelled',
  requestFailed: 'The request to the upstream service failed',
  overloaded: 'Too many requests to the upstream service',
  closed: 'The gateway is shutting down',
  streamNotSupported: 'Streams cannot be answered over HTTP',
  callbackRequired: 'A client stream needs a callback for its response',
  reflectionFailed: 'The description of the upstream service cannot be had',
  middlewareTimeout: 'The request was not handled in time',
  unauthenticated: 'Authentication is required',
  invalidToken: 'The access token is invalid or has expired',
  tokenNotChecked: 'Access tokens cannot be checked at the moment',
  rateLimited: 'Too many requests',
  rateLimitUnavailable: 'Requests cannot be counted at the moment',
  allPartsFailed: 'None of the services gave a usable answer',
  invalidProxyPath: 'Invalid path',
  unknownProxyPath: 'Unknown path',
  bodyAlreadyRead:
    'The request body was read before the proxy could pass it on: mount the proxy before body parsers such as express.json()',
  upgradeNotSupported: 'Upgrades such as WebSocket are not passed on',
  methodNotSupported: 'The method is not passed on',
  transferCodingNotSupported: 'No transfer coding but chunked is passed on',
  proxyNotCallable: 'A proxy serves only the requests of its own handler',
  internal: 'Internal error',
} as const;

const RU: Record<MessageKey, string> = {
  accessDenied: 'Доступ запрещён',
  unknownService: 'Неизвестный сервис',
  unknownAction: 'Неизвестное действие сервиса',
  endpointNotFound: 'Эндпоинт не найден',
  invalidParams: 'Некорректные параметры',
  invalidPathParam: 'Недопустимое значение параметра пути',
  invalidBody: 'Тело запроса должно быть объектом JSON',
  bodyNotParsed:
    'Тело запроса не разобрано: подключите express.json() перед обработчиком шлюза и передайте content-type: application/json',
  invalidResponse: 'Сервис вернул некорректный ответ',
  invalidContentType: 'Сервис вернул ответ неожиданного типа',
  unexpectedRedirect: 'Сервис ответил перенаправлением, по которому переход запрещён',
  responseTooLarge: 'Ответ сервиса слишком большой',
  unreachable: 'Сервис недоступен',
  timeout: 'Сервис не ответил вовремя',
  cancelled: 'Запрос отменён',
  requestFailed: 'Запрос к сервису завершился ошибкой',
  overloaded: 'Слишком много запросов к сервису',
  closed: 'Шлюз завершает работу',
  streamNotSupported: 'Потоки не передаются по HTTP',
  callbackRequired: 'Клиентскому потоку нужна функция callback для ответа',
  reflectionFailed: 'Не удалось получить описание сервиса',
  middlewareTimeout: 'Запрос не был обработан вовремя',
  unauthenticated: 'Требуется аутентификация',
  invalidToken: 'Токен доступа недействителен или просрочен',
  tokenNotChecked: 'Сейчас токены доступа не могут быть проверены',
  rateLimited: 'Слишком много запросов',
  rateLimitUnavailable: 'Сейчас запросы не могут быть учтены',
  allPartsFailed: 'Ни один из сервисов не дал пригодного ответа',
  invalidProxyPath: 'Недопустимый путь',
  unknownProxyPath: 'Неизвестный путь',
  bodyAlreadyRead:
    'Тело запроса прочитано раньше, чем прокси смог его передать: подключите прокси перед разбором тела, например перед express.json()',
  upgradeNotSupported: 'Смена протокола, например на WebSocket, не передаётся',
  methodNotSupported: 'Метод не передаётся',
  transferCodingNotSupported: 'Кодирование передачи, кроме chunked, не передаётся',
  proxyNotCallable: 'Прокси обслуживает только запросы собственного обработчика',
  internal: 'Внутренняя ошибка',
};

const CATALOGUES: ReadonlyMap<string, Record<MessageKey, string>> = new Map([
  ['en', EN],
  ['ru', RU],
]);

/** The text in the first of `languages` that ships, else in English. */
export function messageIn(languages: readonly string[], key: MessageKey): string {
  for (const language of languages) {
    const catalogue = CATALOGUES.get(language);
    if (catalogue) return catalogue[key];
  }
  return EN[key];
}
