import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeAfterTest } from '../../test/servers/closing';

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** The connection ended before the first byte of an answer. */
export class Unanswered extends Error {}

export interface Sending {
  agent: Agent;
  url: string;
  attempt: string;
  body?: object;
  /** The head of the answer is there. */
  onBegin?: () => void;
  /** The body is read only when this is over. */
  pause?: Promise<unknown>;
}

export function send({
  agent,
  url,
  attempt,
  body = {},
  onBegin,
  pause,
}: Sending): Promise<Answered> {
  const headers = { 'content-type': 'application/json', 'x-attempt': attempt };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      onBegin?.();
      const read = async () => {
        await pause;
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        return { status: response.statusCode ?? 0, headers: response.headers, text };
      };
      read().then(resolve, reject);
    });
    sent.once('error', (error) => reject(new Unanswered(error.message)));
    sent.end(JSON.stringify(body));
  });
}

/** Clients that send over kept connections, and send again what was not answered, until `stop`. */
export function startLoad(url: string, clients: number) {
  const agent = new Agent({ keepAlive: true });
  closeAfterTest(() => Promise.resolve(agent.destroy()));
  const unanswered: string[] = [];
  const wrong: unknown[] = [];
  let isStopping = false;
  let answered = 0;
  let attempts = 0;

  async function sendOnce(): Promise<void> {
    const attempt = `load-${++attempts}`;
    try {
      const answer = await send({ agent, url, attempt, body: { attempt } });
      const isRight = answer.status === 200 && answer.text === JSON.stringify({ attempt });
      if (isRight) answered++;
      else wrong.push({ attempt, ...answer });
    } catch (error) {
      if (error instanceof Unanswered) unanswered.push(attempt);
      else wrong.push({ attempt, error });
      // While nobody listens.
      await sleep(5);
    }
  }
  const running = Array.from({ length: clients }, async () => {
    while (!isStopping) await sendOnce();
  });
  return {
    agent,
    /** Answers that were not what they had to be. */
    wrong,
    /** Attempts that may be made again, if the server has not accepted them. */
    unanswered,
    answered: () => answered,
    async stop() {
      isStopping = true;
      await Promise.all(running);
    },
  };
}
