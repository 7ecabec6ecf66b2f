import type { Action } from '../call/action';
import { AppError } from '../errors/app-error';
import type { AppErrorConstructor } from '../errors/app-error';
import { nameOf } from '../schema/walk';

const FORMS = 'scope.*, scope.service.* or scope.service.action';

/** Whether `entry` is for this action: a whole scope, a whole service, or itself. */
function matches(entry: string, { scope, service, name }: Action): boolean {
  const isItself = entry === `${scope}.${service}.${name}`;
  return isItself || entry === `${scope}.${service}.*` || entry === `${scope}.*`;
}

/**
 * The actions that the controller may call, from `config.actions`: an exact set, none for `[]`, all
 * where the option is left out. Another form, or a name in no schema, fails the build.
 */
export function readConnectedActions(
  actions: Iterable<Action>,
  allowed: readonly string[] | undefined,
  ErrorConstructor: AppErrorConstructor = AppError,
): ReadonlySet<string> {
  const all = [...actions];
  if (allowed === undefined) return new Set(all.map(nameOf));
  const connected = new Set<string>();
  for (const entry of allowed) {
    const chosen = all.filter((action) => matches(entry, action));
    if (chosen.length === 0) {
      const message = `config.actions has ${JSON.stringify(entry)}: no action goes by it (expected ${FORMS})`;
      throw new ErrorConstructor(message, { code: 'INVALID_ACTIONS' });
    }
    chosen.forEach((action) => connected.add(nameOf(action)));
  }
  return connected;
}
