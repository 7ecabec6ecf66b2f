import type { Piece } from './ask';

/** How a call has ended for its caller. */
export type Outcome =
  /** Each list must be the whole of the right answer. */
  | { readonly type: 'answered'; readonly lists: readonly (readonly Piece[])[] }
  | { readonly type: 'failed'; readonly code: string }
  /** Neither an answer nor a failure that says what it is. */
  | { readonly type: 'uncoded'; readonly what: string }
  /** The answer of another call. */
  | { readonly type: 'foreign'; readonly what: string }
  | { readonly type: 'double'; readonly what: string }
  /** The client has left, and knows nothing. */
  | { readonly type: 'left' };

export function uncoded(what: string): Outcome {
  return { type: 'uncoded', what };
}

export function readLines(text: string): Piece[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Piece);
}

/** The lists of an answer, whatever the action puts around them. */
export function readLists(data: unknown): Piece[][] {
  const lists = Object.values(data as object) as unknown[];
  if (lists.length === 0 || !lists.every(Array.isArray)) throw new TypeError('no lists');
  return lists as Piece[][];
}
