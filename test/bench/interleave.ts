export interface Contender {
  name: string;
  /** One pass over all that it was prepared for. */
  pass: () => unknown;
}

export interface InterleaveOptions {
  rounds: number;
  /** A sample repeats its pass until it has used this much, so that a short one is no noise. */
  leastUs: number;
  /** CPU time used so far, in microseconds. */
  clock?: () => number;
}

/**
 * The median CPU time of one pass of each contender, in microseconds.
 *
 * The contenders take turns, and another one begins each round, so that what the machine does
 * meanwhile falls on all of them. A round before the first warms up and is not counted.
 */
export function interleave(
  contenders: readonly Contender[],
  { rounds, leastUs, clock = cpuUs }: InterleaveOptions,
): Map<string, number> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const { name, pass } = contenders[(round + turn) % contenders.length]!;
      const us = sample(pass, leastUs, clock);
      if (round > 0) samples.get(name)?.push(us);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

function sample(pass: () => unknown, leastUs: number, clock: () => number): number {
  const start = clock();
  let passes = 0;
  let used = 0;
  do {
    pass();
    passes++;
    used = clock() - start;
  } while (used < leastUs);
  return used / passes;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
