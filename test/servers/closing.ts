type Close = () => Promise<unknown>;

const ofTest = new Set<Close>();
const ofFile = new Set<Close>();
let open = ofFile;

/**
 * Closes what a test, or its `beforeEach`, has started when that test ends, and what `beforeAll` has
 * started at the end of the file; last started first.
 */
export function closeAfterTest(close: Close): void {
  open.add(close);
}

async function closeAll(started: Set<Close>): Promise<void> {
  const all = [...started].reverse();
  started.clear();
  for (const close of all) await close();
}

beforeEach(() => void (open = ofTest));
afterEach(async () => {
  open = ofFile;
  await closeAll(ofTest);
});
afterAll(() => closeAll(ofFile));
