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
      return isPlain(value) ? value : { '#': this.numberOf(value) };
    });
  }

  private numberOf(value: object): number {
    const number = this.numbers.get(value) ?? this.next++;
    this.numbers.set(value, number);
    return number;
  }
}

function isPlain(value: unknown): value is exclude {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}
