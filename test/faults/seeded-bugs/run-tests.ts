import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestName } from './seeded-bug.ts';

export type Verdict = 'passed' | 'failed' | 'did not run';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

const patienceMs = 5 * 60_000;

/** Runs the tests in a separate process. @returns the verdict of each. */
export async function runTests(directory: string, tests: readonly TestName[]): Promise<readonly Verdict[]> {
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = tests.map(({ test }) => `^${test.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')}`).join('|');
  const output = join(directory, 'tests.json');
  const parameters = ['run', ...files, '--testNamePattern', names, '--reporter=json', `--outputFile=${output}`];
  await run(directory, parameters, { ...tests[0]?.environment }, files.length);
  const report = JSON.parse(await readFile(output, 'utf8')) as Report;
  return tests.map(({ file, test }) => {
    const results = report.testResults
      .filter(({ name }) => name.endsWith(`/${file}`))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ ancestorTitles, title }) => [...ancestorTitles, title].join(' > ').startsWith(test))
      .filter(({ status }) => status === 'passed' || status === 'failed');
    // A file that fails to load has no results.
    if (results.length === 0) return 'did not run';
    return results.some(({ status }) => status === 'failed') ? 'failed' : 'passed';
  });
}

async function run(
  directory: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  files: number,
): Promise<void> {
  const { FAULTS: _faults, VITEST: _vitest, NODE_ENV: _mode, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(directory, 'node_modules/vitest/vitest.mjs'), ...parameters], {
    cwd: directory,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patienceMs * files,
  });
  let complaints = '';
  child.stderr.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Vitest exits with 1 when some tests failed.
  if (code !== 0 && code !== 1) throw new Error(`The tests were ended (${code}): ${complaints}`);
}
