import type { AnyGatewayConfig, Limits } from './gateway-config';

/** `GatewayConfig` after defaults and environment: complete where the gateway needs a value, frozen. */
export interface ResolvedConfig extends Readonly<Omit<AnyGatewayConfig, 'limits'>> {
  readonly timeout: number;
  readonly middlewareTimeoutMs: number;
  readonly defaultLang: string;
  readonly passThrough: boolean;
  readonly encodePathArgs: boolean;
  readonly limits: Readonly<Required<Limits>>;
  /** The text of `GATEWAY_ENDPOINTS_OVERRIDES`. */
  readonly endpointOverrides: string | undefined;
}

const DEFAULT_LIMITS: Required<Limits> = {
  upstreamSockets: 256,
  queue: 20_000,
  responseBytes: 100 * 1024 * 1024,
  encodings: 5,
  redirects: 5,
  debugHeaderBytes: 2048,
  logEntryBytes: 65_536,
  decodeDepth: 100,
  retryRatio: 0.2,
  reflectionTimeoutMs: 10_000,
};

const DEFAULTS = {
  timeout: 25_000,
  middlewareTimeoutMs: 30_000,
  defaultLang: 'en',
  passThrough: true,
  encodePathArgs: true,
  withDebugHeaders: false,
  jsonFormat: 'loader',
  retryWrites: 'idempotent',
  forwardedHeaders: 'pass',
  proxyFromEnv: false,
  abortOnClientDisconnect: false,
  grpcRecreateService: true,
  strict: false,
} as const;

/** What is undefined is left out, and null where there is a default. */
function withDefaults<Defaults extends object, Given extends object>(
  defaults: Defaults,
  given: Given,
): Defaults & Given {
  const set = Object.entries(given).filter(([name, value]) => {
    return value !== undefined && (value !== null || !Object.hasOwn(defaults, name));
  });
  return { ...defaults, ...Object.fromEntries(set) } as Defaults & Given;
}

/** The only reader of the environment. The caller's object is copied, never changed. */
export function resolveConfig(
  given: AnyGatewayConfig | null,
  environment: NodeJS.ProcessEnv = process.env,
): ResolvedConfig {
  const config = given ?? {};
  return Object.freeze({
    ...withDefaults(DEFAULTS, config),
    installation: config.installation ?? environment['APP_INSTALLATION'],
    env: config.env ?? environment['APP_ENV'],
    endpointOverrides: environment['GATEWAY_ENDPOINTS_OVERRIDES'],
    limits: Object.freeze(withDefaults(DEFAULT_LIMITS, config.limits ?? {})),
  });
}
