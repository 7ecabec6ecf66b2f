import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import type { Ask } from './ask';
import type { Kind } from './kinds';
import { readLines, readLists, uncoded } from './outcome';
import type { Outcome } from './outcome';

export interface HttpOrder {
  readonly url: string;
  readonly agent: Agent;
  readonly kind: Kind;
  readonly ask: Ask;
  /** When the client leaves, if it does. */
  readonly leaveMs?: number;
}

function readFailure(status: number | undefined, text: string, { id }: Ask): Outcome {
  try {
    const { code, message, requestId } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code !== 'string' || code === '' || typeof message !== 'string') {
      return uncoded(`${status}: ${text}`);
    }
    if (requestId !== undefined && requestId !== id) {
      return { type: 'foreign', what: `${id} is told: ${text}` };
    }
    return { type: 'failed', code: `${status} ${code}` };
  } catch {
    return uncoded(`${status}: ${text}`);
  }
}

function readSuccess(kind: Kind, text: string): Outcome {
  try {
    const isLines = kind.answer === 'lines' || kind.answer === 'lineStream';
    const lists = isLines ? [readLines(text)] : readLists(JSON.parse(text));
    return { type: 'answered', lists };
  } catch {
    return uncoded(`200 with a body that cannot be read: ${text.slice(0, 200)}`);
  }
}

async function read(response: IncomingMessage, { kind, ask }: HttpOrder): Promise<Outcome> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    // A stream that fails under way can only be cut.
    if (kind.answer === 'lineStream') return { type: 'failed', code: 'cut stream' };
    return uncoded('the answer was cut');
  }
  const text = Buffer.concat(chunks).toString();
  const { statusCode } = response;
  return statusCode === 200 ? readSuccess(kind, text) : readFailure(statusCode, text, ask);
}

/** A call as a browser makes it. */
export function callOverHttp(order: HttpOrder): Promise<Outcome> {
  const { url, agent, ask, leaveMs } = order;
  const headers = { 'content-type': 'application/json', 'x-request-id': ask.id };
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      void read(response, order).then(resolve);
    });
    sent.once('error', (error) => resolve(uncoded(`no answer: ${error.message}`)));
    sent.end(JSON.stringify(ask));
    if (leaveMs === undefined) return;
    const leaving = setTimeout(() => {
      resolve({ type: 'left' });
      sent.destroy();
    }, leaveMs);
    sent.once('close', () => clearTimeout(leaving));
  });
}
