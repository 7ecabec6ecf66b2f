import type { ReflectionObject } from 'protobufjs';
import type { OptionsDescriptor } from './descriptors';

type Options = Record<string, unknown>;

/**
 * Sets options as protobufjs does when it parses a file: flat, `(pkg.option).member` for members of
 * custom ones, and whole in `parsedOptions`.
 */
export function setOptions(object: ReflectionObject, options: OptionsDescriptor = {}): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === 'uninterpreted_option') continue;
    const isCustom = name.startsWith('[');
    const shown = isCustom ? `(${name.slice(1, -1)})` : name;
    if (isCustom) setFlat(object, shown, value);
    else object.setOption(shown, name === 'features' ? withoutExtensions(value) : value);
    object.setParsedOption(shown, value, '');
  }
}

function setFlat(object: ReflectionObject, name: string, value: unknown): void {
  const isMessage = typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
  if (!isMessage || Array.isArray(value)) {
    object.setOption(name, value);
    return;
  }
  for (const [member, inner] of Object.entries(value)) setFlat(object, `${name}.${member}`, inner);
}

/** Features of other languages say nothing here. */
function withoutExtensions(features: unknown): Options {
  const own = Object.entries(features as Options).filter(([name]) => !name.startsWith('['));
  return Object.fromEntries(own);
}
