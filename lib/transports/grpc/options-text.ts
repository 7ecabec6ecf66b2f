import type { ChannelOptions } from '@grpc/grpc-js';

/**
 * Channel options as text, equal for equal options: plain data by value and in a fixed order, functions
 * and objects of a class, such as interceptors, by identity.
 */
export class OptionsText {
  private readonly numbers = new WeakMap<object, number>();
  private next = 0;

  of(options: ChannelOptions): string {
    const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(sorted, (_name, value: unknown) => {
      return hasIdentity(value) ? { '#': this.numberOf(value) } : value;
    });
  }

  private numberOf(value: object): number {
    const number = this.numbers.get(value) ?? this.next++;
    this.numbers.set(value, number);
    return number;
  }
}

function hasIdentity(value: unknown): value is object {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype;
}
