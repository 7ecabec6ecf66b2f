import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { closeAfterTest } from '../../test/servers/closing';
import { startGateway } from '../../test/servers/start-gateway';
import type { ExpressVersion } from './promise';

/** Who reads the stream of a REST action. */
export const READERS = ['a browser', 'the api', 'a browser of a mixed action'] as const;
export type Reader = (typeof READERS)[number];

/** A stream under way. `leave` is how its reader gives it up. */
export interface Reading {
  stream: Readable & { complete?: boolean };
  leave: () => void;
}

/** Opens the stream that an upstream answers with. */
export async function startReading(
  url: string,
  reader: Reader,
  { express, timeout = 25_000 }: { express: ExpressVersion; timeout?: number },
): Promise<Reading> {
  const run = { method: 'GET', path: '/', responseType: 'stream', timeout } as const;
  const piped = (api: any) => api.s.run();
  const schemas = { root: { s: { endpoints: url, actions: { run, piped } } } } as never;
  const gateway = await startGateway(schemas, {}, { express });
  if (reader === 'the api') {
    const { responseData } = await (gateway.api as any).s.run();
    responseData.on('error', () => undefined);
    closeAfterTest(() => Promise.resolve(responseData.destroy()));
    return { stream: responseData, leave: () => responseData.destroy() };
  }
  const action = reader === 'a browser' ? 'run' : 'piped';
  const to = { port: gateway.port, path: `/gateway/s/${action}`, method: 'POST', agent: false };
  const sent = httpRequest(to);
  sent.on('error', () => undefined).end();
  closeAfterTest(() => Promise.resolve(sent.destroy()));
  const [answer] = (await once(sent, 'response')) as [Reading['stream']];
  answer.on('error', () => undefined);
  return { stream: answer, leave: () => sent.destroy() };
}

/** Waits until a count no longer grows: buffers of the system fill up first. */
export async function untilStill(count: () => number, most: number): Promise<void> {
  let before = -1;
  while (before !== count() && count() < most) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
