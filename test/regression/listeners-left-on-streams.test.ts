import { Readable } from 'node:stream';
import { createRecordingContext } from '../fakes/recording-context';
import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';

test('G4: a stream that has ended keeps no listener of the gateway', async () => {
  const run = () => Readable.from(['a', 'b']);
  const { api } = await startGateway({ root: { s: { actions: { run } } } });
  const { ctx } = createRecordingContext();
  const { responseData } = await api.s.run({ ctx });
  responseData.resume();
  await eventually(() => responseData.closed);
  await eventually(() => responseData.eventNames().length === 0);
});
