import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescriptorCodec } from './descriptor-codec';
import { readFile as readDescriptor } from './fetch-files';
import type { ReflectedFile } from './fetch-files';
import type { ReflectedSymbol } from './reflection-error';

/** Descriptions of services in a folder, each a google.protobuf.FileDescriptorSet. */
export class SnapshotStore {
  constructor(
    private readonly folder: string,
    private readonly scope: string,
    private readonly codec: DescriptorCodec,
  ) {}

  /** Undefined where there is none. Rejects for one that cannot be read. */
  async read(symbol: ReflectedSymbol): Promise<readonly ReflectedFile[] | undefined> {
    const bytes = await readFile(this.pathOf(symbol)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return (
      bytes &&
      this.codec
        .decodeSet(bytes)
        .map((file) => ({ bytes: file, descriptor: readDescriptor(file, this.codec, symbol) }))
    );
  }

  /** Replaces what is there, whole or not at all. */
  async write(symbol: ReflectedSymbol, files: readonly ReflectedFile[]): Promise<void> {
    const path = this.pathOf(symbol);
    const draft = `${path}.${randomUUID()}`;
    await mkdir(this.folder, { recursive: true });
    await writeFile(draft, this.codec.encodeSet(files.map(({ bytes }) => bytes)));
    await rename(draft, path);
  }

  /** The service in clear, and what else tells it apart as a digest: an address is no file name. */
  private pathOf({ address, protoKey }: ReflectedSymbol): string {
    const place = JSON.stringify([this.scope, address, protoKey]);
    const digest = createHash('sha256').update(place).digest('hex').slice(0, 12);
    return join(this.folder, `${protoKey.replace(/[^\w.]/g, '_')}-${digest}.binpb`);
  }
}
