/** A possible mistake, as a change of one line of the source, and the test that finds it. */
export interface SeededBug {
  /** The mistake as a sentence. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  /** Text that the file contains exactly once. */
  readonly find: string;
  readonly replaceBy: string;
  readonly caughtBy: TestName;
}

export interface TestName {
  readonly file: string;
  /** The test's name after those of its suites, joined by ` > `, or the beginning of that. */
  readonly test: string;
  /** Variables that make a long test short. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The file's text with the bug. @throws if the file does not contain the text exactly once. */
export function withBug(bug: SeededBug, source: string): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2) {
    const found = parts.length === 1 ? 'no longer exists' : `occurs ${parts.length - 1} times`;
    throw new Error(`"${bug.name}": the text in ${bug.file} ${found}. Seed the bug in the current code.`);
  }
  return parts.join(bug.replaceBy);
}
