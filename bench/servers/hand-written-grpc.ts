import { join } from 'node:path';
import { credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import type { ServiceClientConstructor, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Backend } from '../serve';
import { createApp } from './express-app';
import { forwardHeaders } from './forwarded-headers';

type Done = (error: ServiceError | null, data: unknown) => void;
type Method = (args: object, metadata: Metadata, options: object, done: Done) => void;

/** One route over one grpc-js client. */
export function createHandWrittenGrpc({ grpc }: Backend, action: string) {
  const definition = loadSync(join(__dirname, '..', 'items.proto'), {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const { Items } = loadPackageDefinition(definition)['bench'] as unknown as {
    Items: ServiceClientConstructor;
  };
  const client = new Items(grpc, credentials.createInsecure());
  const method = (client as unknown as Record<string, Method>)[action]?.bind(client);
  if (!method) throw new Error(`no method ${action}`);
  return createApp((req, res) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(forwardHeaders(req.headers))) {
      metadata.set(name, value);
    }
    method(req.body as object, metadata, { deadline: Date.now() + 25_000 }, (error, data) => {
      if (error) res.status(502).json({ code: error.code, message: error.details });
      else res.json(data);
    });
  });
}
