import type { GatewayContext } from '../../lib';

export interface RecordedContext {
  name: string;
  tags: Record<string, unknown>;
  ends: number;
  logs: { message: string; extra?: Record<string, unknown> }[];
  errors: { message: string; error?: unknown; extra?: Record<string, unknown> }[];
  stats: Record<string, unknown>[];
}

/** A context that remembers what was done to it and to its children. */
export function createRecordingContext(overrides: Partial<GatewayContext> = {}) {
  const all: RecordedContext[] = [];

  function create(name: string, tags: Record<string, unknown>): GatewayContext {
    const record: RecordedContext = { name, tags, ends: 0, logs: [], errors: [], stats: [] };
    all.push(record);
    return {
      create: (child, params) => create(child, { ...params?.tags }),
      log: (message, extra) => void record.logs.push({ message, ...(extra && { extra }) }),
      logError: (message, error, extra) =>
        void record.errors.push({ message, error, ...(extra && { extra }) }),
      stats: (data) => void record.stats.push(data),
      end: () => void record.ends++,
      getMetadata: () => ({}),
      getTraceId: () => 'trace-1',
      ...overrides,
    };
  }

  const ctx = create('root', {});
  return {
    ctx,
    /** The root first, then children in the order of their making. */
    all,
    children: () => all.slice(1),
  };
}
