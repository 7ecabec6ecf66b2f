import type { ServiceTypes } from '../service-types';
import type { ReflectedFile } from './fetch-files';

/** How long a description that was not had from the server itself waits for the next try. */
const RETRY_MS = 1000;

/** What is known of a service. */
export interface Learned {
  readonly files: readonly ReflectedFile[];
  readonly types: ServiceTypes;
  /** Out of a snapshot: the server is asked again with the next call. */
  readonly isStale: boolean;
}

export type Learn = (known: Learned | undefined) => Promise<Learned>;

/**
 * The description of one service, looked up once however many calls wait for it. A failed lookup is
 * not kept; once there is a description, a failed refresh leaves it in place.
 */
export class ReflectedService {
  private known: Learned | undefined;
  private pending: Promise<Learned> | undefined;
  private triedMs = 0;

  /** `refreshMs`: the age from which a new description is had in the background. */
  async get(learn: Learn, refreshMs = Infinity): Promise<ServiceTypes> {
    if (!this.known) return (await this.learn(learn)).types;
    const dueMs = this.known.isStale ? RETRY_MS : refreshMs;
    // Its failure was told where it was found.
    if (performance.now() - this.triedMs >= dueMs) this.learn(learn).catch(() => undefined);
    return this.known.types;
  }

  /** Has a new description, for this caller alone. */
  async getFresh(learn: Learn): Promise<ServiceTypes> {
    this.known = await learn(this.known);
    return this.known.types;
  }

  private learn(learn: Learn): Promise<Learned> {
    this.pending ??= this.start(learn);
    return this.pending;
  }

  private async start(learn: Learn): Promise<Learned> {
    this.triedMs = performance.now();
    try {
      this.known = await learn(this.known);
      return this.known;
    } finally {
      this.pending = undefined;
    }
  }
}
