export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  readonly fix?: string;
}

export type Finding = Omit<CheckResult, 'name'>;

export function passed(detail: string): Finding {
  return { passed: true, detail };
}

export function failed(detail: string, fix: string): Finding {
  return { passed: false, detail, fix };
}

/** A thrown error becomes a failed finding. */
export async function check(name: string, run: () => Promise<Finding> | Finding, fix: string): Promise<CheckResult> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, ...failed(error instanceof Error ? error.message : String(error), fix) };
  }
}

export function tableOf(results: readonly CheckResult[]): readonly string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.flatMap((result) => {
    const lines = result.detail.split('\n');
    const indent = ' '.repeat(width + 4);
    return [
      `${result.passed ? '✓' : '✗'} ${result.name.padEnd(width)}  ${lines[0] ?? ''}`,
      ...lines.slice(1).map((line) => indent + line),
      ...(result.fix === undefined ? [] : [`${indent}→ ${result.fix}`]),
    ];
  });
}
