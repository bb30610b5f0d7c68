/** A mistake that somebody could make, as a change of one place in the source, and the test that finds it. */
export interface SeededBug {
  /** What is wrong, as a sentence. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
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

/** The file's text with the bug. Throws if the place is not there any more: then the bug has to be seeded anew. */
export function withBug(bug: SeededBug, source: string): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2) {
    const found = parts.length === 1 ? 'is not there any more' : `is there ${parts.length - 1} times`;
    throw new Error(`"${bug.name}": the place in ${bug.file} ${found}. Seed the bug where the code is now.`);
  }
  return parts.join(bug.replaceBy);
}
