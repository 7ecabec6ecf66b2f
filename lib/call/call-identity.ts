import { readHeader, toHeaderValue } from '../headers/header-record';
import type { Call } from './call';

/** The request's Accept-Language where it can be sent on, else the default language. */
export function acceptLanguageOf({ headers, languages }: Call): string | string[] {
  return toHeaderValue(readHeader(headers, 'accept-language')) || (languages.at(-1) ?? 'en');
}

/** The request id as a header can carry it. */
export function requestIdOf({ requestId }: Call): string | string[] {
  return toHeaderValue(requestId) ?? encodeURIComponent(requestId.toWellFormed());
}
