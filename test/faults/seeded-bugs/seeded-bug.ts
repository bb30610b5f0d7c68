export interface SeededBug {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replaceBy: string;
  readonly caughtBy: TestName;
}

export interface TestName {
  readonly file: string;
  /** Suites and test, joined by ` > `, or the beginning of that. */
  readonly test: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** @throws if the file does not contain the text exactly once. */
export function withBug(bug: SeededBug, source: string): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2) {
    const found = parts.length === 1 ? 'no longer exists' : `occurs ${parts.length - 1} times`;
    throw new Error(`"${bug.name}": the text in ${bug.file} ${found}. Seed the bug in the current code.`);
  }
  return parts.join(bug.replaceBy);
}
