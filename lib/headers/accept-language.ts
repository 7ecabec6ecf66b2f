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

/** Lists that are remembered: browsers of one audience send few. */
const MAX_LISTS = 1000;
const MAX_LENGTH = 100;

/** Reads the languages of requests, the default last. */
export type ReadLanguages = (headers: HeadersInput) => readonly string[];

export function createReadLanguages(defaultLang: string): ReadLanguages {
  const byDefault = Object.freeze([defaultLang]);
  const known = new Map<string, readonly string[]>();

  return function readLanguages(headers) {
    const value = readHeader(headers, 'accept-language');
    if (typeof value !== 'string' || value === '') return byDefault;
    const found = known.get(value) ?? Object.freeze([...parseAcceptLanguage(value), defaultLang]);
    if (value.length <= MAX_LENGTH) {
      if (known.size >= MAX_LISTS) known.clear();
      known.set(value, found);
    }
    return found;
  };
}
