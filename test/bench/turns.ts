/**
 * The samples of each contender, in the order given.
 *
 * They take turns, and another one begins each round, so that what the machine does meanwhile falls on all of them.
 */
export async function takeTurns<Contender, Sample>(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<Sample>,
): Promise<Sample[][]> {
  const samples = contenders.map((): Sample[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const at = (round + turn) % contenders.length;
      samples[at]?.push(await measure(contenders[at]!));
    }
  }
  return samples;
}

/** The middle one, or the mean of both in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
