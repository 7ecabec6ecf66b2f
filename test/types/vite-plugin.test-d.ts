import type { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expectTypeOf } from 'expect-type';
import type { NextFunction, Request, Response } from 'express';
import type { PluginOption, UserConfig } from 'vite' with { 'resolution-mode': 'import' };
import { defineSchema, delay, fail, gatewayPlugin, grpc, proxy, rest } from '../../lib';
import type { GatewayVitePlugin } from '../../lib';

interface Note {
  id: string;
  text: string;
}

const root = defineSchema({
  notes: {
    actions: {
      get: rest<Note, { id: string }>()({ method: 'GET', path: ({ id }) => `/notes/${id}` }),
      short: rest<Note>()({ method: 'GET', path: '/', transformResponseData: ({ id }) => id }),
      untyped: { method: 'GET', path: '/' },
      file: rest<Readable>()({ method: 'GET', path: '/', responseType: 'stream' }),
      sum: (_api: unknown, { of }: { of: number[] }) => Promise.resolve(of.length),
      watch: grpc<Note, { id: string }>()({
        protoKey: 'notes.Notes',
        action: 'watch',
        protoPath: 'notes.proto',
        type: 'serverStream',
      }),
      passed: proxy(),
      write: grpc<Note>()({
        protoKey: 'notes.Notes',
        action: 'write',
        protoPath: 'notes.proto',
        type: 'clientStream',
      }),
    },
  },
});
const schemas = { root };
const note = { id: '1', text: 'first' };
const none = fail({ status: 404, code: 'NO_NOTE', message: 'There is no such note' });

export const plugin = gatewayPlugin({ schemas });
expectTypeOf(plugin).toEqualTypeOf<GatewayVitePlugin>();
expectTypeOf(plugin).toExtend<PluginOption>();
export const viteConfig: UserConfig = { plugins: [plugin] };

export const valid = [
  gatewayPlugin({ schemas, mocks: {} }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: note, short: '1', sum: 3 } } } }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: undefined } } } }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: none, sum: delay(9, none) } } } }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: ({ id }) => ({ ...note, id }) } } } }),
  gatewayPlugin({
    schemas,
    mocks: { root: { notes: { get: ({ id }) => Promise.resolve(id === '1' ? note : none) } } },
  }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: delay(9, note) } } } }),
  gatewayPlugin({
    schemas,
    mocks: { root: { notes: { get: delay(9, ({ id }) => ({ ...note, id })) } } },
  }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { untyped: { a: 1 }, watch: [note] } } } }),
  gatewayPlugin({ schemas, mocks: { root: { notes: { untyped: (args) => ({ args }) } } } }),
];

export const invalid = [
  // @ts-expect-error no such scope
  gatewayPlugin({ schemas, mocks: { other: {} } }),
  // @ts-expect-error no such service
  gatewayPlugin({ schemas, mocks: { root: { other: {} } } }),
  // @ts-expect-error no such action
  gatewayPlugin({ schemas, mocks: { root: { notes: { got: note } } } }),
  // @ts-expect-error not what the action answers
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: { id: 1 } } } } }),
  // @ts-expect-error nor of the transform
  gatewayPlugin({ schemas, mocks: { root: { notes: { short: note } } } }),
  // @ts-expect-error a function of other args
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: (_: { key: string }) => note } } } }),
  // @ts-expect-error a function that gives something else
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: () => 7 } } } }),
  // @ts-expect-error delayed something else
  gatewayPlugin({ schemas, mocks: { root: { notes: { get: delay(9, 7) } } } }),
  // @ts-expect-error a server stream is a list
  gatewayPlugin({ schemas, mocks: { root: { notes: { watch: note } } } }),
  // @ts-expect-error a client stream has no mock
  gatewayPlugin({ schemas, mocks: { root: { notes: { write: note } } } }),
  // @ts-expect-error nor has a proxy
  gatewayPlugin({ schemas, mocks: { root: { notes: { passed: note } } } }),
  // @ts-expect-error a failure has a message
  fail({ status: 404, code: 'NO_NOTE' }),
];

export const hooked = gatewayPlugin({
  schemas,
  config: {
    onBeforeAction(req, res) {
      expectTypeOf(req).toExtend<IncomingMessage>();
      expectTypeOf(res).toExtend<ServerResponse>();
      res.status(200).json(req.body);
    },
    handlerMiddlewares: [(req, res, next) => (req.url ? next() : res.end())],
  },
});

/** The config of an Express app in production serves the dev server too. */
export const shared = gatewayPlugin({
  schemas,
  config: {
    onBeforeAction: (req: Request, _res: Response) => void req.ip,
    handlerMiddlewares: [(_req: Request, _res: Response, next: NextFunction) => next()],
  },
});
