import type { Action } from '../call/action';
import { AppError } from '../errors/app-error';
import type { AppErrorConstructor } from '../errors/app-error';
import { keyOf } from '../schema/walk';

const FORMS = 'scope.*, scope.service.* or scope.service.action';

/** What `entry` means where it is for this action: a whole scope, a whole service, or itself. */
function readEntry(entry: unknown, { scope, service, name }: Action): string | undefined {
  if (entry === `${scope}.${service}.${name}`) return keyOf(scope, service) + name;
  if (entry === `${scope}.${service}.*`) return keyOf(scope, service);
  return entry === `${scope}.*` ? scope : undefined;
}

/**
 * The actions that the controller may call, from `config.actions`: an exact set, none for `[]`, all
 * where the option is left out. Another form, a name in no schema, or one that names with dots make
 * ambiguous, fails the build.
 */
export function readConnectedActions(
  actions: Iterable<Action>,
  allowed: readonly string[] | undefined,
  ErrorConstructor: AppErrorConstructor = AppError,
): ReadonlySet<Action> {
  const all = [...actions];
  if (allowed === undefined) return new Set(all);
  const refuse = (fault: string) => {
    const message = `config.actions ${fault} (expected ${FORMS})`;
    return new ErrorConstructor(message, { code: 'INVALID_ACTIONS' });
  };
  if (!Array.isArray(allowed)) throw refuse('is not a list');
  const connected = new Set<Action>();
  for (const entry of allowed) {
    const chosen = all.filter((action) => readEntry(entry, action) !== undefined);
    const meanings = new Set(chosen.map((action) => readEntry(entry, action)));
    const shown = JSON.stringify(entry);
    if (meanings.size === 0) throw refuse(`has ${shown}: no action goes by it`);
    if (meanings.size > 1) throw refuse(`has ${shown}: it has more than one meaning`);
    chosen.forEach((action) => connected.add(action));
  }
  return connected;
}
