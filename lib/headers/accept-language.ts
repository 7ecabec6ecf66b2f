import { readHeader } from './header-record';
import type { HeadersInput } from './header-record';

/** How many ranges of an Accept-Language are read; the rest of a long list is no use to anyone. */
const MAX_RANGES = 20;

/**
 * Primary language subtags of an Accept-Language list, most wanted first (RFC 9110 section 12.5.4).
 * `ru-RU, en;q=0.8, *;q=0.1` gives `['ru', 'en']`.
 */
export function parseAcceptLanguage(value: string): string[] {
  const ranges = value
    .slice(0, 1000)
    .split(',', MAX_RANGES)
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().split(';');
      const weight = parameters
        .map((p) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(p)?.[1])
        .find(Boolean);
      return { language: tag.trim().toLowerCase().split('-')[0] ?? '', q: Number(weight ?? 1) };
    });
  const wanted = ranges.filter(({ language, q }) => q > 0 && /^[a-z]{2,8}$/.test(language));
  return wanted.sort((a, b) => b.q - a.q).map(({ language }) => language);
}

/** The languages of a request, the default last. */
export function readLanguages(headers: HeadersInput, defaultLang: string): string[] {
  const value = readHeader(headers, 'accept-language');
  const wanted = typeof value === 'string' && value !== '' ? parseAcceptLanguage(value) : [];
  return [...wanted, defaultLang];
}
