import { InvalidMessage } from './invalid-message';

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the range of google.protobuf.Timestamp. */
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;
const MAX_DURATION_SECONDS = 315_576_000_000;

/** 0, 3, 6 or 9 digits, as ProtoJSON writes fractions of a second. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  return `.${digits.replace(/(000){1,2}$/, '')}`;
}

function toNanos(fraction: string | undefined): number {
  return Number((fraction ?? '').padEnd(9, '0'));
}

/** RFC 3339 in UTC. Throws for what is out of range. */
export function timestampToText(seconds: number, nanos: number): string {
  const isInRange = seconds >= MIN_SECONDS && seconds <= MAX_SECONDS && nanos >= 0 && nanos < 1e9;
  if (!isInRange) throw new Error('a Timestamp is out of range');
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, 19)}${fractionOf(nanos)}Z`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

export function textToTimestamp(text: unknown): { seconds: string; nanos: number } {
  const [, start = '', fraction, zone] = (typeof text === 'string' && RFC3339.exec(text)) || [];
  const seconds = Math.floor(Date.parse(`${start}${zone}`) / 1000);
  const local = Date.parse(`${start}Z`);
  // Date.parse takes 24:00:00 and rolls some days over: what is written must be what is read.
  const isReal = Number.isFinite(local) && new Date(local).toISOString().startsWith(start);
  if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) || !isReal) {
    throw new InvalidMessage('an RFC 3339 time such as 2020-01-31T12:30:00Z');
  }
  return { seconds: String(seconds), nanos: toNanos(fraction) };
}

export function durationToText(seconds: number, nanos: number): string {
  const isMixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
  if (isMixed || Math.abs(seconds) > MAX_DURATION_SECONDS || Math.abs(nanos) >= 1e9) {
    throw new Error('a Duration is out of range');
  }
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${fractionOf(Math.abs(nanos))}s`;
}

export function textToDuration(text: unknown): { seconds: string; nanos: number } {
  const [, sign, whole, fraction] =
    (typeof text === 'string' && /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text)) || [];
  if (whole === undefined || Number(whole) > MAX_DURATION_SECONDS) {
    throw new InvalidMessage('a duration in seconds such as 1.5s');
  }
  const nanos = toNanos(fraction);
  return {
    seconds: `${sign === '-' && whole !== '0' ? '-' : ''}${whole}`,
    nanos: sign && nanos ? -nanos : nanos,
  };
}

/** `user.display_name` to `user.displayName`; throws for a path that would not come back the same. */
export function pathToText(path: string): string {
  const text = path.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  if (text.includes('_') || textToPath(text) !== path)
    throw new Error('a FieldMask has a path that JSON cannot carry');
  return text;
}

export function textToPath(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
