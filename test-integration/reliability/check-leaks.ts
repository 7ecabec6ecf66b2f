import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchProcess } from '../../test/servers/watch-process';

/** What a gateway opens, as `async_hooks` names it. Timers count also when they do not hold the process. */
const KINDS = new Set(['Timeout', 'TCPWRAP', 'TCPSERVERWRAP', 'PIPEWRAP', 'FSREQCALLBACK']);
const PROCESS_EVENTS = ['exit', 'beforeExit', 'SIGTERM', 'SIGINT', 'warning'] as const;

function countProcessListeners(): number[] {
  return PROCESS_EVENTS.map((event) => process.listenerCount(event));
}

/** What the test runner and this file open themselves, by who asked Node for it. */
const OURS = /node_modules\/@?jest|check-leaks/;
const PATIENCE_MS = 10_000;

/**
 * After all tests of the file: no timer, socket, server or listener on the process is left, and
 * nothing was thrown or rejected outside of a call. Call it at the top of a file.
 */
export function checkLeaks(): void {
  const open = new Map<number, string>();
  const hook = createHook({
    init(id, type) {
      if (!KINDS.has(type)) return;
      const [, , ...frames] = new Error(type).stack?.split('\n') ?? [];
      const caller = frames.find((frame) => frame.includes('/') && !frame.includes('node:')) ?? '';
      if (!OURS.test(caller)) open.set(id, [type, ...frames].join('\n'));
    },
    destroy: (id) => void open.delete(id),
  });
  let listeners: number[] = [];

  watchProcess();
  beforeAll(() => {
    listeners = countProcessListeners();
    hook.enable();
  });
  afterAll(async () => {
    const lastMs = performance.now() + PATIENCE_MS;
    while (open.size > 0 && performance.now() < lastMs) await sleep(20);
    hook.disable();
    expect([...open.values()]).toEqual([]);
    expect(countProcessListeners()).toEqual(listeners);
  });
}
