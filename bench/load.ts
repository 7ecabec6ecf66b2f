/** The process that sends: requests over keep-alive connections for a time, as IPC messages say. */
import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds?: number;
  readonly amount?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly failed: number;
  readonly perSecond: number;
}

process.on('message', ({ url, connections, seconds, amount }: Load) => {
  const options = {
    url,
    connections,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: '{"id":"42"}',
    ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
  };
  void autocannon(options).then((result) => {
    const answer: LoadResult = {
      requests: result['2xx'],
      failed: result.non2xx + result.errors + result.timeouts,
      perSecond: result.requests.average,
    };
    process.send?.(answer);
  });
});
