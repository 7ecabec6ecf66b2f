type Close = () => Promise<unknown>;

const open = new Set<Close>();

/**
 * Closes what a test has started when the test ends, last started first. Call it inside of tests
 * (or `beforeEach`); what `beforeAll` starts is closed by its own `afterAll`.
 */
export function closeAfterTest(close: Close): void {
  open.add(close);
}

afterEach(async () => {
  const all = [...open].reverse();
  open.clear();
  for (const close of all) await close();
});
