import type { Readable, Writable } from 'node:stream';
import { HASTY_MS } from './ask';
import type { Ask } from './ask';
import type { Kind } from './kinds';
import { readLines, readLists, uncoded } from './outcome';
import type { Outcome } from './outcome';
import { readAll, writeAsks } from './schemas';

interface Given {
  args: Ask;
  requestId: string;
  abortSignal: AbortSignal;
  timeout?: number;
  callback?: (answer: unknown) => void;
}

export type ApiAction = (
  call: Given,
) => Promise<{ responseData?: unknown; stream?: Readable & Writable }>;

export interface ApiOrder {
  readonly action: ApiAction;
  readonly kind: Kind;
  readonly ask: Ask;
  readonly signal: AbortSignal;
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

type Open = (more?: Partial<Given>) => ReturnType<ApiAction>;

const READ: Readonly<Record<Kind['answer'], (open: Open, ask: Ask) => Promise<unknown[][]>>> = {
  lists: async (open) => readLists((await open()).responseData),
  lines: async (open) => [readLines(String((await open()).responseData))],
  lineStream: async (open) => [readLines(await readText((await open()).responseData as never))],
  messages: async (open) => [await readAll((await open()).stream!)],
  async conversation(open, ask) {
    const { stream } = await open();
    writeAsks(stream!, ask);
    return [await readAll(stream!)];
  },
  collected(open, ask) {
    return new Promise((resolve, reject) => {
      let answers = 0;
      const callback = (answer: unknown) => {
        if (++answers > 1) reject(new DoubleAnswer());
        // A second one would come soon.
        else setTimeout(() => resolve(readLists(answer)), HASTY_MS);
      };
      open({ callback })
        .then(({ stream }) => writeAsks(stream!.on('error', reject), ask))
        .catch(reject);
    });
  },
};

class DoubleAnswer extends Error {}

function readFailure(thrown: unknown): Outcome {
  if (thrown instanceof DoubleAnswer) return { type: 'double', what: 'a callback called twice' };
  const { error, code } = (thrown ?? {}) as { error?: { code?: unknown }; code?: unknown };
  const found = error?.code ?? code;
  // Streams of gRPC fail with the error of grpc-js, whose codes are numbers.
  if (typeof found === 'number') return { type: 'failed', code: `gRPC ${found}` };
  if (typeof found === 'string' && found !== '') return { type: 'failed', code: `api ${found}` };
  return uncoded(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
}

/** A call as a program on the server makes it. */
export async function callApi({ action, kind, ask, signal }: ApiOrder): Promise<Outcome> {
  const open: Open = (more) =>
    action({ args: ask, requestId: ask.id, abortSignal: signal, ...more });
  try {
    return { type: 'answered', lists: (await READ[kind.answer](open, ask)) as never };
  } catch (thrown) {
    return readFailure(thrown);
  }
}
