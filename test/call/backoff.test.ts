import { startGrpcAction } from '../servers/start-grpc-action';
import { grpcError } from '../servers/start-grpc-upstream';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';

afterEach(() => jest.restoreAllMocks());

const definition = { retries: 2 };

/** When the attempts of a failing call reached the upstream. */
async function arrivalsOf(kind: 'rest' | 'grpc'): Promise<number[]> {
  const arrivals: number[] = [];
  const note = () => void arrivals.push(performance.now());
  if (kind === 'rest') {
    const upstream = await startUpstream((_request, response) => {
      note();
      sendJson(response, {}, 503);
    });
    await failureOf((await startRestAction(upstream.url, definition)).call());
  } else {
    const Get = (_call: any, callback: any) => {
      note();
      callback(grpcError(14, 'later'));
    };
    await failureOf((await startGrpcAction({ Get }, definition)).call());
  }
  return arrivals;
}

// Pauses have a lower bound that no load can shift; an upper one is never asserted.
test.each([
  ['rest', 0, [50, 100]],
  ['rest', 3, [200, 400]],
  ['grpc', 0, [50, 100]],
  ['grpc', 3, [200, 400]],
] as const)(
  'pauses of %s double, and chance decides how long they are (%d)',
  async (kind, chance, atLeast) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    const arrivals = await arrivalsOf(kind);
    expect(arrivals).toHaveLength(3);
    const margin = 5;
    atLeast.forEach((ms, at) => {
      expect(arrivals[at + 1]! - arrivals[at]!).toBeGreaterThan(ms - margin);
    });
  },
);
