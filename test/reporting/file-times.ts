/** The duration of one test file. */
export interface FileTime {
  readonly file: string;
  readonly project: string;
  /** From the start of its set-up to the end of its last hook. */
  readonly seconds: number;
  /** CPU time of its worker. The engine and programs that the file starts are processes of their own and not counted. */
  readonly cpuSeconds: number;
}

export function slowest(files: readonly FileTime[], count: number): readonly FileTime[] {
  return files.toSorted((one, other) => other.seconds - one.seconds).slice(0, count);
}

/** The longest time that each file may take on a machine that does nothing else. */
export interface Budget {
  readonly seconds: number;
  /** Other seconds for single files, by their paths. */
  readonly exceptions?: Readonly<Record<string, number>>;
}

export function budgetOf(file: string, { seconds, exceptions }: Budget): number {
  return exceptions?.[file] ?? seconds;
}

/**
 * The files that exceed the budget.
 *
 * @param availableShare - the share of the machine's CPU time that other programs left to the tests, from 0 to 1: a
 *   file may take longer in inverse proportion to it.
 */
export function overBudget(files: readonly FileTime[], budget: Budget, availableShare: number): readonly FileTime[] {
  return files.filter(({ file, seconds }) => seconds * availableShare > budgetOf(file, budget));
}

/** CPU time in milliseconds: of all cores together, and its part that was spent working. */
export interface CpuTimes {
  readonly total: number;
  readonly busy: number;
}

/**
 * The share of the machine that other programs left to the tests between two readings.
 *
 * @param ownMs - CPU time of the tests in between.
 */
export function availableShareOf(before: CpuTimes, after: CpuTimes, ownMs: number): number {
  const total = after.total - before.total;
  if (total <= 0) return 1;
  const others = Math.max(0, after.busy - before.busy - ownMs);
  return Math.max(0, 1 - others / total);
}

/** One line for each file, with the seconds in columns. */
export function tableOf(files: readonly FileTime[]): string {
  const column = (seconds: number) => seconds.toFixed(1).padStart(7);
  const rows = files.map(({ file, seconds, cpuSeconds }) => `${column(seconds)} ${column(cpuSeconds)}  ${file}`);
  return ['   wall     CPU  (seconds)', ...rows].join('\n');
}
