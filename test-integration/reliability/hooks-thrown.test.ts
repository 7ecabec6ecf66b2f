import { checkLeaks } from './check-leaks';
import { createFailingHook, expectCoded, placesAndKinds, WAYS } from './failing-hook';
import { promise } from './promise';
import { KINDS, startService } from './start-service';

checkLeaks();

promise(
  'K1',
  'Whatever a hook throws or rejects with, the call fails: with the status, code and message of what was thrown where its status is an integer from 400 to 599, else with a coded 500.',
  (express) => {
    test.each(placesAndKinds)('$name, $kind', async ({ place, kind, ...hooked }) => {
      const { hook, fail } = createFailingHook();
      const { post, sent } = await startService(express, place(hook));
      const ways = WAYS.filter(({ isAsync }) => !(isAsync && hooked.isSync));
      for (const { name, thrown, isAsync, expected } of ways) {
        fail(thrown, isAsync);
        const before = sent();
        const answer = await post(kind + (hooked.suffix ?? ''));
        expect({ name, ...answer.json }).toMatchObject({ name, ...expected });
        expectCoded(answer);
        expect(sent() > before).toBe(hooked.isLate === true);
      }
    });

    test.each(KINDS)('onRequestFailed of the config, %s', async (kind) => {
      const { hook, fail } = createFailingHook();
      const { post } = await startService(express, { config: { onRequestFailed: hook } });
      for (const { name, thrown, isAsync, expected } of WAYS) {
        fail(thrown, isAsync);
        const answer = await post(`${kind}Fails`);
        expect({ name, ...answer.json }).toMatchObject({ name, ...expected });
        expectCoded(answer);
      }
    });
  },
);
