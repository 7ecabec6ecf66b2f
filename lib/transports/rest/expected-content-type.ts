import type { ResolvedConfig } from '../../config/resolve-config';
import { isReadable } from '../../call/call';
import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import type { TransportResponse } from '../../call/transport';
import type { RestDefinition } from '../../schema/definitions';
import { mediaTypeOf } from '../../headers/media-type';

/** Fails a call whose answer is of another media type than `expectedResponseContentType`. */
export function compileExpectContentType(definition: RestDefinition, config: ResolvedConfig) {
  const expected = definition.expectedResponseContentType ?? config.expectedResponseContentType;
  const types = expected === undefined ? undefined : new Set([expected].flat().map(mediaTypeOf));

  return function expectContentType({ data, contentType }: TransportResponse, call: Call): void {
    if (!types) return;
    const isEmpty = data === undefined && contentType === undefined;
    if (isEmpty || types.has(mediaTypeOf(contentType))) return;
    if (isReadable(data)) data.destroy();
    throw createFailure(call, {
      status: 415,
      code: 'INVALID_RESPONSE_CONTENT_TYPE',
      text: 'invalidContentType',
    });
  };
}
