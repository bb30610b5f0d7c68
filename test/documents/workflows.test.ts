import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageDescription from '../../package.json' with { type: 'json' };
import faults from '../../faults.config.ts';
import { root } from './markdown.ts';

const folder = join(root, '.github/workflows');
const names = globSync('*.yml', { cwd: folder });
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

function jobsOf(name: string): ReadonlyMap<string, string> {
  const [, jobs = ''] = textOf(name).split('\njobs:\n');
  const parts = jobs.split(/^ {2}(?=[\w-]+:$)/mu).filter((part) => /^[\w-]+:\n/u.test(part));
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part]));
}

const commandsOf = (job: string) => [...job.matchAll(/^ +- run: (.+)$/gmu)].map(([, command = '']) => command);

describe('each GitHub workflow', () => {
  it.each(names)('%s pins its actions to a commit and names the version', (name) => {
    const uses = [...textOf(name).matchAll(/uses:(.*)$/gmu)].map(([, action = '']) => action.trim());
    expect(uses).not.toEqual([]);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  });

  it.each(names)('%s uses one version of each action, the one that the other workflows use', (name) => {
    const versions = (texts: string) => [...texts.matchAll(/uses: (\S+@\S+)/gu)].map(([, action = '']) => action);
    const all = new Set(names.flatMap((other) => versions(textOf(other))));
    for (const action of versions(textOf(name))) {
      const [path] = action.split('@');
      expect([...all].filter((other) => other.startsWith(`${path}@`))).toEqual([action]);
    }
  });

  it.each(names)('%s grants its jobs only read access by default', (name) => {
    expect(textOf(name)).toMatch(/^permissions:\n {2}contents: read\n\n/mu);
  });

  it.each(names)('%s keeps no credentials in a checkout, and ends jobs that hang', (name) => {
    const jobs = jobsOf(name);
    expect(jobs.size).toBeGreaterThan(0);
    for (const [id, job] of jobs) {
      expect(job, id).toMatch(/^ {4}timeout-minutes: \d+$/mu);
      const checkouts = job.match(/uses: actions\/checkout@/gu) ?? [];
      expect(job.match(/persist-credentials: false/gu) ?? [], id).toHaveLength(checkouts.length);
    }
  });
});

describe('the workflow check', () => {
  const jobs = jobsOf('check.yml');
  const sum = jobs.get('check') ?? '';
  const commands = [...jobs.values()].flatMap(commandsOf);

  it('runs every command of .ci/run and of npm run check', () => {
    const ofRun = [...readFileSync(join(root, '.ci/run'), 'utf8').matchAll(/^ *(np[mx] .+)$/gmu)].map(
      ([, command = '']) => command,
    );
    const { check, static: sideBySide } = packageDescription.scripts;
    const groups = [...sideBySide.matchAll(/"([^"]+)"/gu)].map(([, group = '']) => group);
    const ofCheck = [...groups, check]
      .flatMap((commands) => commands.split(' && '))
      .filter((command) => command !== 'npm run static');
    expect(ofCheck).toEqual(
      expect.arrayContaining(['types', 'lint', 'format', 'prose'].map((name) => `npm run ${name}`)),
    );
    const wanted = [...ofRun.filter((command) => command !== 'npm run check'), ...ofCheck];
    expect(wanted.length).toBeGreaterThan(5);
    const isRun = (command: string) => commands.some((one) => one === command || one.startsWith(`${command} -- `));
    expect(wanted.filter((command) => !isRun(command))).toEqual([]);
  });

  it('runs the tests of every project, and all shards of those that it divides', () => {
    const options = [...(jobs.get('tests') ?? '').matchAll(/options: (.+)$/gmu)].map(([, text = '']) => text);
    const configured = [...readFileSync(join(root, 'vitest.config.ts'), 'utf8').matchAll(/name: '([\w-]+)',$/gmu)];
    const projects = configured.map(([, name = '']) => name).filter((name) => name !== 'quick-passwords');
    expect(projects.length).toBeGreaterThan(3);
    for (const project of projects) {
      const ofProject = options.filter((text) => text.split(' ').includes(project));
      const shards = ofProject.flatMap((text) => /--shard=(\d+)\/(\d+)/u.exec(text)?.slice(1) ?? ['1', '1']);
      const [count = 0] = shards.slice(1).map(Number);
      const expected = Array.from({ length: count }, (_, index) => [String(index + 1), String(count)]).flat();
      expect(shards, project).toEqual(expected);
    }
  });

  it('sums up the results of all other jobs, whatever they are', () => {
    const others = [...jobs.keys()].filter((id) => id !== 'check');
    expect(sum).toContain(`needs: [${others.join(', ')}]\n`);
    expect(sum).toContain('if: ${{ always() }}\n');
  });
});

describe('the workflow nightly', () => {
  const parts = [...textOf('nightly.yml').matchAll(/^ +files: (.+)$/gmu)].map(([, files = '']) => files.split(' '));

  it('runs every file of npm run test:faults in one of its parts', () => {
    const files = (faults.test?.include ?? []).flatMap((pattern) => globSync(pattern, { cwd: root }));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      // vitest takes files whose path contains an argument.
      expect(
        parts.filter((part) => part.some((piece) => file.includes(piece))),
        file,
      ).toHaveLength(1);
    }
  });

  it('ends after three hours at most', () => {
    const minutes = [...textOf('nightly.yml').matchAll(/timeout-minutes: (\d+)/gu)].map(([, text]) => Number(text));
    expect(Math.max(...minutes)).toBeLessThanOrEqual(180);
  });
});
