import { isBundled } from '../proto-files';
import type { Conversation } from './conversation';
import type { DescriptorCodec } from './descriptor-codec';
import type { FileDescriptor } from './descriptors';
import { ReflectionError } from './reflection-error';
import type { ReflectedSymbol } from './reflection-error';

/** More than any schema has; an answer that goes on for ever ends here. */
const MAX_FILES = 10_000;
const MAX_BYTES = 100 * 1024 * 1024;

/** A file as the server sent it, and as it reads. */
export interface ReflectedFile {
  readonly bytes: Buffer;
  readonly descriptor: FileDescriptor;
}

/**
 * Everything that a symbol needs: its file, and what that imports, from however many answers. In the
 * order of names, so that equal answers are seen to be equal.
 */
export async function fetchFiles(
  conversation: Conversation,
  codec: DescriptorCodec,
  symbol: ReflectedSymbol,
): Promise<readonly ReflectedFile[]> {
  const files = new FileSet(codec, symbol);
  const answer = await conversation.ask({ file_containing_symbol: symbol.protoKey });
  if (answer === 'notFound') {
    throw new ReflectionError('notFound', symbol, 'the server does not know the service');
  }
  files.add(answer);
  const asked = new Set<string>();
  // A Map goes on with what is added while it is walked.
  for (const { descriptor } of files.byName.values()) {
    for (const [index, name] of (descriptor.dependency ?? []).entries()) {
      if (files.byName.has(name) || asked.has(name)) continue;
      asked.add(name);
      const found = await conversation.ask({ file_by_filename: name });
      if (found !== 'notFound') files.add(found);
      const isWeak = descriptor.weak_dependency?.includes(index);
      if (files.byName.has(name) || isWeak || isBundled(name)) continue;
      const told = `the server does not have ${name}, which ${descriptor.name} imports`;
      throw new ReflectionError('notFound', symbol, told);
    }
  }
  return [...files.byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** Files of all answers, the first of each name. */
class FileSet {
  readonly byName = new Map<string, ReflectedFile>();
  private bytes = 0;

  constructor(
    private readonly codec: DescriptorCodec,
    private readonly symbol: ReflectedSymbol,
  ) {}

  add(answer: readonly Buffer[]): void {
    for (const bytes of answer) {
      const descriptor = readFile(bytes, this.codec, this.symbol);
      const { name = '' } = descriptor;
      if (!this.byName.has(name)) this.byName.set(name, { bytes, descriptor });
      this.bytes += bytes.length;
    }
    if (this.byName.size <= MAX_FILES && this.bytes <= MAX_BYTES) return;
    throw new ReflectionError('invalid', this.symbol, 'the server sends too many files');
  }
}

export function readFile(
  bytes: Buffer,
  codec: DescriptorCodec,
  symbol: ReflectedSymbol,
): FileDescriptor {
  try {
    return codec.decodeFile(bytes);
  } catch (cause) {
    throw new ReflectionError('invalid', symbol, 'a file descriptor does not decode', cause);
  }
}
