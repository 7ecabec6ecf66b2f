import { AxiosError } from 'axios';
import type { AxiosResponseTransformer, InternalAxiosRequestConfig } from 'axios';
import { JsonBytes } from '../../call/call';
import type { Call } from '../../call/call';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { RestDefinition } from '../../schema/definitions';
import { readHeader } from '../../headers/header-record';
import type { HeadersInput } from '../../headers/header-record';
import { isJsonType, mediaTypeOf } from '../../headers/media-type';
import { decodeText, isPlainUtf8, isTextType } from './content-type';

export const INVALID_RESPONSE = 'INVALID_RESPONSE';

interface Body {
  readonly data: unknown;
  readonly contentType: string;
  readonly isSuccess: boolean;
}

function contentTypeOf(headers: unknown): string {
  const value = readHeader((headers ?? {}) as HeadersInput, 'content-type');
  return typeof value === 'string' ? value : '';
}

function parseJson(text: string, { isSuccess }: Body, config: InternalAxiosRequestConfig): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The body of an error may be anything; the status is what counts.
    if (!isSuccess) return text;
    throw new AxiosError('The response is not valid JSON', INVALID_RESPONSE, config);
  }
}

/** The body of an error is often JSON under another type. */
function parseError(text: string, body: Body, config: InternalAxiosRequestConfig): unknown {
  const parsed = parseJson(text, body, config);
  const isJson = isJsonType(mediaTypeOf(body.contentType));
  return isJson || typeof parsed === 'object' ? parsed : text;
}

function isReadAsJson({ contentType }: Body, { responseType }: InternalAxiosRequestConfig) {
  return (
    responseType === 'json' || (responseType !== 'text' && isJsonType(mediaTypeOf(contentType)))
  );
}

/** By content type, not by what the bytes look like; a body without a type may be JSON. */
function parse(body: Body, config: InternalAxiosRequestConfig): unknown {
  const { data, contentType } = body;
  const { responseType } = config;
  const isBytes = Buffer.isBuffer(data);
  if (!isBytes && typeof data !== 'string') return data;
  if (isBytes && responseType === 'arraybuffer' && body.isSuccess) return data;
  if (data.length === 0) return responseType === 'text' ? '' : undefined;

  const mediaType = mediaTypeOf(contentType);
  const isUntyped = mediaType === '';
  const isText = isUntyped || isTextType(mediaType) || responseType === 'text';
  const isJson = isReadAsJson(body, config);
  if (body.isSuccess && !isJson && !isText) return data;

  const text = isBytes ? decodeText(data, contentType) : data;
  if (!body.isSuccess) return parseError(text, body, config);
  if (isJson) return parseJson(text, body, config);
  return isUntyped && responseType !== 'text'
    ? parseJson(text, { ...body, isSuccess: false }, config)
    : text;
}

function toBody(data: unknown, headers: unknown, status: number | undefined): Body {
  const isSuccess = status === undefined || (status >= 200 && status < 300);
  return { data, contentType: contentTypeOf(headers), isSuccess };
}

/** axios's `transformResponse` of the gateway: bytes or text become JSON, text or stay bytes. */
export const parseResponse: AxiosResponseTransformer = function parseResponse(
  data,
  headers,
  status,
) {
  return parse(toBody(data, headers, status), this);
};

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');
/** RFC 8259 section 2: space, tab, line feed, carriage return. */
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Whether the body is an object or a list under a JSON type that is complete as far as both its ends
 * tell; the transport has seen that no byte is missing (RELIABILITY U3).
 */
function isWholeJson(body: Body, config: InternalAxiosRequestConfig): boolean {
  const { data, contentType, isSuccess } = body;
  if (!isSuccess || !Buffer.isBuffer(data) || !isReadAsJson(body, config)) return false;
  let [start, end] = [0, data.length - 1];
  while (BLANKS.has(data[start])) start++;
  while (end > start && BLANKS.has(data[end])) end--;
  const [first, last] = [data[start], data[end]];
  const isWhole =
    (first === OPEN_OBJECT && last === CLOSE_OBJECT) ||
    (first === OPEN_LIST && last === CLOSE_LIST);
  return isWhole && end > start && isPlainUtf8(data, contentType);
}

/** The same, but JSON is only checked and stays the bytes it came in: numbers keep their digits. */
export const keepJsonBytes: AxiosResponseTransformer = function keepJsonBytes(
  data,
  headers,
  status,
) {
  const body = toBody(data, headers, status);
  if (isWholeJson(body, this)) return new JsonBytes(data as Buffer);
  const parsed = parse(body, this);
  const isNothing = parsed === undefined || parsed === null || !body.isSuccess;
  if (isNothing || Buffer.isBuffer(parsed) || !Buffer.isBuffer(data)) return parsed;
  const isUntypedJson = body.contentType === '' && typeof parsed !== 'string';
  const isKept = (isUntypedJson || isReadAsJson(body, this)) && isPlainUtf8(data, body.contentType);
  return isKept ? new JsonBytes(data) : parsed;
};

/** The transform for a call whose response no other has been given for. */
export type ChooseTransform = (call: Call) => AxiosResponseTransformer;

/** JSON that nobody reads on its way to the browser stays bytes. */
export function compileChooseTransform(
  { responseType, transformResponseData }: RestDefinition,
  { axiosInterceptors }: ResolvedConfig,
): ChooseTransform {
  const canKeepBytes =
    transformResponseData === undefined &&
    (responseType === undefined || responseType === 'json') &&
    !axiosInterceptors?.response?.length;
  return ({ acceptsBytes }) => (canKeepBytes && acceptsBytes ? keepJsonBytes : parseResponse);
}

/** Whether the response may be handed over as bytes, because one of ours parses it. */
export function isOwnParser(transform: InternalAxiosRequestConfig['transformResponse']): boolean {
  return [transform].flat().some((one) => one === parseResponse || one === keepJsonBytes);
}
