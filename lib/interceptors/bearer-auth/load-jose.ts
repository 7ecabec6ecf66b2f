import type * as JoseModule from 'jose' with { 'resolution-mode': 'import' };

export type Jose = typeof JoseModule;

/** jose is an ES module only; unlike `require`, `import` loads one from CommonJS in any Node. */
export function loadJose(): Promise<Jose> {
  return import('jose');
}
