/** Waits for a condition, generously; the test's own time limit is the bound. */
export async function eventually(isMet: () => boolean): Promise<void> {
  while (!isMet()) await new Promise((resolve) => setTimeout(resolve, 5));
}
