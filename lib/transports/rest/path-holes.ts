/** Slashes with nothing behind them: `//` or the last character. */
function countHoles(path: string): number {
  return path.match(/\/(?=\/|$)/g)?.length ?? 0;
}

/** A text that is not in the path and outlives changes of case. */
function chooseFiller(path: string): string {
  let filler = '0';
  while (path.includes(filler)) filler += '0';
  return filler;
}

function beforeQuery(path: string): string {
  return path.split('?', 1)[0] ?? '';
}

/**
 * Whether what is missing or empty has left `//` or a trailing slash (RELIABILITY I4): with a text in
 * its place there is one less. Slashes that the path has by itself, the upstream may want.
 */
export async function leavesHole(
  path: string,
  refill: (filler: string) => unknown,
): Promise<boolean> {
  const given = beforeQuery(path);
  const holes = countHoles(given);
  if (holes === 0) return false;
  const filler = chooseFiller(given);
  try {
    const filled = beforeQuery(String(await refill(filler)));
    return countHoles(filled) < holes && filled.replaceAll(filler, '') === given;
  } catch {
    return true;
  }
}
