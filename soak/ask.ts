/** What goes wrong with a call, as the backend is told by the call itself. */
export const FAULTS = [
  'none',
  /** The first attempt fails. */
  'once',
  /** Longer than a hasty action waits, shorter than the others do. */
  'slow',
  /** Never answered. */
  'hang',
  /** An error status, or a gRPC code. */
  'status',
  /** The connection, or the stream of HTTP/2, is reset. */
  'reset',
  /** The answer ends in the middle. */
  'cut',
  /** Invalid JSON; for gRPC bytes that are no message, or a page of HTML. */
  'garbage',
  /** The server gives the connection up: GOAWAY without an answer, or an answer that closes it. */
  'goaway',
] as const;

export type Fault = (typeof FAULTS)[number];

/** The args of every action: what is to be answered, and with which fault. */
export interface Ask {
  /** One of a kind, echoed in every piece of the answer. */
  readonly id: string;
  readonly fault: Fault;
  /** Chooses among the faults of one name, such as the status. */
  readonly variant: number;
  readonly count: number;
  readonly size: number;
}

export interface Piece {
  readonly id: string;
  readonly number: number;
  readonly text: string;
}

/** The whole of a right answer. */
export function toPieces({ id, count, size }: Pick<Ask, 'id' | 'count' | 'size'>): Piece[] {
  return Array.from({ length: count }, (_, number) => toPiece(id, number, size));
}

export function toPiece(id: string, number: number, size: number): Piece {
  return { id, number, text: id.repeat(size) };
}

export const CALM_MS = 2000;
export const SLOW_MS = 300;
export const HASTY_MS = 100;
