/** What is measured: one action each, called with `{"id":"42"}`. */
export interface Work {
  readonly title: string;
  readonly kind: 'rest' | 'grpc';
  readonly action: string;
  /** The figure that all are compared with, and the most that the gateway may be of it. */
  readonly base: Variant;
  readonly target: number;
  readonly variants: readonly Variant[];
  /** What else there is beside the action that is called; default: nothing. */
  readonly crowd?: { readonly actions: number; readonly scopes: number; readonly gateways: number };
}

export type Variant =
  | 'express alone'
  | 'plain node'
  | 'hand-written'
  | 'hand-written axios'
  | 'gateway without schema'
  | 'gateway'
  | 'gateway over axios'
  | 'gateway that reads answers'
  | 'gateway with telemetry';

const hand: Pick<Work, 'base'> = { base: 'hand-written' };
const rest = { ...hand, kind: 'rest' as const };
const grpc = { ...hand, kind: 'grpc' as const };
const ALL: readonly Variant[] = [
  'express alone',
  'plain node',
  'hand-written',
  'hand-written axios',
  'gateway',
];
const SOME: readonly Variant[] = ['hand-written', 'hand-written axios', 'gateway'];
const TWO: readonly Variant[] = ['hand-written', 'gateway'];

export const WORKS: Readonly<Record<string, Work>> = {
  'rest-small': {
    ...rest,
    title: 'REST GET, 100-byte JSON',
    action: 'getSmall',
    target: 1.35,
    variants: ALL,
  },
  'rest-post': { ...rest, title: 'REST POST', action: 'postSmall', target: 1.35, variants: SOME },
  'rest-schema': {
    ...rest,
    title: 'REST GET with a validation schema',
    action: 'getChecked',
    base: 'gateway without schema',
    target: 1.05,
    variants: ['hand-written', 'gateway without schema', 'gateway'],
  },
  'rest-list': {
    ...rest,
    title: 'REST GET, 22 KB JSON (200 items)',
    action: 'getList',
    target: 0.6,
    variants: ['plain node', ...SOME],
  },
  'grpc-small': {
    ...grpc,
    title: 'gRPC unary, small',
    action: 'getSmall',
    target: 1.15,
    variants: TWO,
  },
  'grpc-list': {
    ...grpc,
    title: 'gRPC unary, 200 items (9.6 KB on the wire)',
    action: 'getList',
    target: 0.9,
    variants: TWO,
  },
};

const without = (name: keyof typeof WORKS, ...variants: Variant[]): Work => ({
  ...(WORKS[name] as Work),
  base: 'gateway',
  variants: ['gateway', ...variants],
});

/** The same with one idea taken away, or one duty added. */
export const IDEAS: readonly Work[] = [
  without(
    'rest-small',
    'gateway over axios',
    'gateway that reads answers',
    'gateway with telemetry',
  ),
  without('rest-list', 'gateway over axios', 'gateway that reads answers'),
  without('grpc-small', 'gateway that reads answers', 'gateway with telemetry'),
  without('grpc-list', 'gateway that reads answers'),
];
