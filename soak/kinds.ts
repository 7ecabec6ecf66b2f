import type { Random } from './random';

/** An action, and what its answer is. */
export interface Kind {
  readonly service: string;
  readonly action: string;
  readonly answer: 'lists' | 'lines' | 'lineStream' | 'messages' | 'collected' | 'conversation';
}

function kindsOf(services: readonly string[], answers: Record<string, Kind['answer']>): Kind[] {
  return services.flatMap((service) => {
    return Object.entries(answers).map(([action, answer]) => ({ service, action, answer }));
  });
}

const REST = { get: 'lists', post: 'lists', bytes: 'lines', stream: 'lineStream' } as const;
const UNARY = { get: 'lists', described: 'lists' } as const;
const STREAMS = { watch: 'messages', collect: 'collected', chat: 'conversation' } as const;
const MIXED = {
  both: 'lists',
  stream: 'lineStream',
  watch: 'lists',
  collect: 'lists',
  chat: 'lists',
} as const;

/** Answered by the controller and by `api` alike. */
const ANYWHERE = [
  ...kindsOf(['rest', 'restHasty', 'axios', 'axiosHasty'], REST),
  ...kindsOf(['grpc', 'grpcHasty'], UNARY),
  ...kindsOf(['mixed', 'mixedHasty'], MIXED),
];
/** Over HTTP these are refused. */
const STREAMED = kindsOf(['grpc', 'grpcHasty'], STREAMS);

export interface Way extends Kind {
  readonly over: 'http' | 'api';
}

const WAYS: readonly Way[] = (['http', 'api'] as const).flatMap((over) => {
  return [...ANYWHERE, ...STREAMED].map((kind) => ({ ...kind, over }));
});

export function pickWay(random: Random): Way {
  return random.pick(WAYS);
}
