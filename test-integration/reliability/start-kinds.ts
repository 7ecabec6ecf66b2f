import type { Metadata } from '@grpc/grpc-js';
import type { GatewayConfig } from '../../lib';
import { recordingMethod, SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { startGateway } from '../../test/servers/start-gateway';
import type { AppOptions } from '../../test/servers/start-gateway';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startUpstream } from '../../test/servers/start-upstream';
import type { Answer } from '../../test/servers/start-upstream';
import type { ExpressVersion } from './promise';

export const KINDS = ['rest', 'grpc'] as const;
export type Kind = (typeof KINDS)[number];

/** The two ways into an action. */
export const DOORS = ['controller', 'api'] as const;
export type Door = (typeof DOORS)[number];

/** What a call came to, and the headers or metadata that the upstream saw, if it saw any. */
export interface Outcome {
  status: number;
  code?: string;
  message?: string;
  sent?: Record<string, unknown>;
}

export interface KindsOptions {
  /** Of both actions. */
  definition?: object;
  config?: GatewayConfig<any, any, any>;
  use?: AppOptions['use'];
  /** What the upstreams answer. */
  answer?: Answer;
  trailer?: Metadata;
  /** What the gRPC method fails with. */
  failure?: Error;
}

/** The same action over REST and over gRPC, each with an upstream that records what it receives. */
export async function startKinds(express: ExpressVersion, options: KindsOptions = {}) {
  const { definition, config, use, answer, trailer, failure } = options;
  const http = await startUpstream(answer);
  const echo = recordingMethod({ itemId: 'a' }, trailer);
  const fail = (_call: unknown, callback: (error: Error) => void) => callback(failure as Error);
  const { address } = await startGrpcUpstream({ Echo: failure ? fail : echo.method });
  const rest = { method: 'POST', path: '/run', ...definition };
  const grpc = { ...SHOP_GET, action: 'Echo', ...definition };
  const services = {
    rest: { endpoints: http.url, actions: { run: rest } },
    grpc: { endpoints: { path: address, insecure: true }, actions: { run: grpc } },
  };
  const app = { express, ...(use && { use }) };
  const gateway = await startGateway(
    { root: services } as never,
    { ...WITH_PROTOS, ...config },
    app,
  );
  const post = (kind: Kind, args?: object, headers?: object) =>
    gateway.post(`${kind}/run`, args, headers as Record<string, string>);
  const call = (kind: Kind, input: object): Promise<any> => (gateway.api as any)[kind].run(input);
  const count = () => http.requests.length + echo.calls.length;

  async function ask(kind: Kind, door: Door, headers: object, args: object): Promise<Outcome> {
    if (door === 'controller') {
      // As bytes: Node writes a text together with the head, whose latin1 would become UTF-8.
      const { status, json } = await post(kind, Buffer.from(JSON.stringify(args)), headers);
      return status === 200 ? { status } : { status, code: json.code, message: json.message };
    }
    return call(kind, { headers, args }).then(
      () => ({ status: 200 }),
      ({ error }) => ({ status: error.status, code: error.code, message: error.message }),
    );
  }

  /** Calls the action by the kind, through the door, with these headers. */
  async function send(
    [kind, door]: readonly [Kind, Door],
    headers: object = {},
    args: object = {},
  ): Promise<Outcome> {
    const before = count();
    const outcome = await ask(kind, door, headers, args);
    if (count() === before) return outcome;
    const sent = kind === 'rest' ? http.last.headers : echo.last.metadata.getMap();
    return { ...outcome, sent };
  }

  return { ...gateway, http, echo, address, count, post, call, send };
}

/** Every kind through every door. */
export const PATHS = KINDS.flatMap((kind) => DOORS.map((door) => [kind, door] as const));
