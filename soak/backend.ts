/** A process of backends. It may be killed at any time, and started again on the same ports. */
import { startGrpc } from './grpc-backend';
import { Random } from './random';
import { startRest } from './rest-backend';
import type { Ports } from './schemas';
import { startWire } from './wire-backend';

export interface BackendOrder {
  readonly ports: Ports;
  readonly seed: number;
  /** Closes idle connections early, and sends GOAWAY in the middle of calls. */
  readonly isShaky: boolean;
}

async function serve({ ports, seed, isShaky }: BackendOrder): Promise<void> {
  const { countRepeated } = startRest(ports.rest, isShaky ? 150 : 1000);
  startWire(ports.wire);
  const grpc = await startGrpc(ports.grpc);
  const random = new Random(seed);
  const goAway = () => {
    grpc.drain(`127.0.0.1:${ports.grpc}`, random.below(300));
    setTimeout(goAway, 200 + random.below(2000));
  };
  if (isShaky) goAway();
  process.on('message', () => process.send?.(countRepeated()));
  process.send?.('ready');
}

process.once('message', (order: BackendOrder) => void serve(order));
process.once('disconnect', () => process.exit());
