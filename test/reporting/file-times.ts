export interface FileTime {
  readonly file: string;
  readonly project: string;
  /** From the start of the set-up to the last hook. */
  readonly seconds: number;
  /** The worker's CPU time, without the engine and other processes. */
  readonly cpuSeconds: number;
}

export function slowest(files: readonly FileTime[], count: number): readonly FileTime[] {
  return files.toSorted((one, other) => other.seconds - one.seconds).slice(0, count);
}

/** Limits for a machine that does nothing else. */
export interface Budget {
  readonly seconds: number;
  /** Seconds by path. */
  readonly exceptions?: Readonly<Record<string, number>>;
}

export function budgetOf(file: string, { seconds, exceptions }: Budget): number {
  return exceptions?.[file] ?? seconds;
}

/**
 * The files that exceed the budget.
 *
 * @param availableShare - the share of CPU time left to the tests, from 0 to 1: a file may take longer in inverse
 *   proportion.
 */
export function overBudget(files: readonly FileTime[], budget: Budget, availableShare: number): readonly FileTime[] {
  return files.filter(({ file, seconds }) => seconds * availableShare > budgetOf(file, budget));
}

/** Milliseconds of all cores together. */
export interface CpuTimes {
  readonly total: number;
  readonly busy: number;
}

/**
 * The share of the machine that other programs left to the tests.
 *
 * @param ownMs - CPU time of the tests in between.
 */
export function availableShareOf(before: CpuTimes, after: CpuTimes, ownMs: number): number {
  const total = after.total - before.total;
  if (total <= 0) return 1;
  const others = Math.max(0, after.busy - before.busy - ownMs);
  return Math.max(0, 1 - others / total);
}

export function tableOf(files: readonly FileTime[]): string {
  const column = (seconds: number) => seconds.toFixed(1).padStart(7);
  const rows = files.map(({ file, seconds, cpuSeconds }) => `${column(seconds)} ${column(cpuSeconds)}  ${file}`);
  return ['   wall     CPU  (seconds)', ...rows].join('\n');
}
