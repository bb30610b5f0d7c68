import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFailure } from '../../../bin/cli/account-failure.ts';
import { signIn } from '../../integration/raw-client.ts';
import { startTestRun, type TestRun } from '../../integration/harness.ts';
import { root, runCli } from './child-process.ts';
import { helpOf } from './help-of.ts';

let test: TestRun;

beforeAll(async () => {
  test = await startTestRun();
});
afterAll(() => test.stop());

const nowhere = join(tmpdir(), 'switchboard-nowhere');
const cli = (...args: string[]) => runCli(test.dataDirectory, args);
const ada = ['--email', 'ada@cli.test', '--username', 'ada', '--first-name', 'Ada', '--last-name', 'Byron'];

describe('every command', () => {
  it.each([
    ...['create-tenant', 'create-admin', 'settings', 'load-templates', 'seed-demo', 'doctor', 'verify', 'chat'],
    ...['desk', 'verify-conversation', 'verify-transcript'],
  ])('%s has a help text with examples', async (command) => {
    const { exitCode, output } = await helpOf(command);
    expect(exitCode).toBe(0);
    expect(output).toContain(`Usage: switchboard ${command}`);
    expect(output).toContain('Examples:');
  });

  it('prints its help text when the program runs it', async () => {
    const { exitCode, output } = await runCli(nowhere, ['chat', '--help']);
    expect({ exitCode, output: output.trim() }).toEqual({ exitCode: 0, output: (await helpOf('chat')).output.trim() });
  });

  it.each([
    ['without a deployment', ['create-tenant', '--slug', 'a-b', '--name', 'A'], 3, 'npm start'],
    ['with an option missing', ['create-tenant', '--name', 'A'], 2, '--slug'],
    ['with an option that it does not have', ['doctor', '--nonsense'], 2, '--nonsense'],
    ['with two targets', ['doctor', '--local', '--stage', 'prod'], 2, 'cannot be used with'],
    ['with an invalid value', ['create-tenant', '--registration', 'some'], 2, 'open'],
    ['with an unknown name', ['nonsense'], 2, 'nonsense'],
    ['against AWS without credentials', ['create-tenant', '--aws', '--slug', 'a-b', '--name', 'A'], 3, 'credentials'],
  ])('%s prints the reason and returns its exit code', async (_case, args, expected, text) => {
    const { exitCode, output, errors } = await runCli(nowhere, args);
    expect(exitCode).toBe(expected);
    expect(errors).toContain(text);
    expect(output).toBe('');
  });

  it('detects that the local run has ended', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'switchboard-ended-'));
    const record = JSON.parse(await readFile(join(test.dataDirectory, 'run.json'), 'utf8'));
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(join(directory, 'run.json'), JSON.stringify({ ...record, pid }));
    const { exitCode, errors } = await runCli(directory, ['seed-demo']);
    await rm(directory, { recursive: true });
    expect(exitCode).toBe(3);
    expect(errors).toMatch(/has ended.*npm start/);
  });
});

describe('a failed AWS call', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });

  it.each([
    ['ValidationError', 'Stack with id switchboard-dev-edge does not exist', 3, 'npx cdk deploy --all'],
    ['CredentialsProviderError', 'Could not load credentials from any providers', 3, 'aws sso login'],
    ['ExpiredTokenException', 'The security token is expired', 3, 'Sign in again'],
    ['AccessDeniedException', 'User is not authorized', 1, 'lambda:InvokeFunction'],
    ['Error', 'Region is missing', 3, '--region'],
    ['Error', 'getaddrinfo ENOTFOUND lambda.nowhere.amazonaws.com', 3, 'is unreachable'],
    ['UnknownError', 'something else', 3, 'UnknownError something else'],
  ])('%s (%s) explains what to do', (name, message, exitCode, text) => {
    const failure = accountFailure(named(name, message), 'stage dev');
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.message).toContain(text);
  });
});

it('reports a damaged record of a local run', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-damaged-'));
  await writeFile(join(directory, 'run.json'), '{"url":');
  const { exitCode, errors } = await runCli(directory, ['seed-demo']);
  await rm(directory, { recursive: true });
  expect(exitCode).toBe(3);
  expect(errors).toMatch(/is damaged.*npm start/);
});

describe('create-tenant', () => {
  it('creates a tenant with the given settings, and does not change it the next time', async () => {
    const settings = ['--registration', 'closed', '--messages-per-minute', 'off', '--text-length', '500'];
    const first = await cli('create-tenant', '--slug', 'cli-tenant', '--name', 'One', ...settings, '--json');
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.output)).toMatchObject({
      created: true,
      tenant: { slug: 'cli-tenant' },
      settings: { name: 'One', registration: 'closed', messagesPerMinute: null, textLength: 500 },
    });
    const second = await cli('create-tenant', '--slug', 'cli-tenant', '--name', 'Two', '--json');
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.output)).toMatchObject({ created: false, settings: { name: 'One' } });
  });

  it('names the invalid options', async () => {
    const { exitCode, output, errors } = await cli('create-tenant', '--slug', 'A B', '--name', 'A');
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/--slug must be 3 to 40/);
    expect(output).toBe('');
  });
});

describe('create-admin', () => {
  beforeAll(() => cli('create-tenant', '--slug', 'cli', '--name', 'CLI'));

  it('generates a password for the login, and shows it once', async () => {
    const first = await cli('create-admin', '--tenant', 'cli', ...ada, '--generate-password', '--json');
    expect(first.exitCode).toBe(0);
    const { created, user, password } = JSON.parse(first.output);
    expect({ created, role: user.role }).toEqual({ created: true, role: 'admin' });
    expect(await signIn(test.url, 'cli', 'ada@cli.test', password)).toMatchObject({ userId: user.id });

    const second = await cli('create-admin', '--tenant', 'cli', ...ada, '--generate-password', '--json');
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.output)).toMatchObject({ created: false, user: { id: user.id } });
    expect(second.output).not.toContain('password');
  });

  it('reads a password from standard input, and never prints it', async () => {
    const person = ['--email', 'eve@cli.test', '--username', 'eve', '--first-name', 'Eve', '--last-name', 'Moss'];
    const args = ['create-admin', '--tenant', 'cli', ...person, '--password-stdin'];
    const { exitCode, output, errors } = await runCli(test.dataDirectory, args, 'Garden-wall-58\n');
    expect(exitCode).toBe(0);
    expect(output + errors).not.toContain('Garden-wall-58');
    await signIn(test.url, 'cli', 'eve@cli.test', 'Garden-wall-58');
  });

  it('creates a member of the platform staff without a tenant', async () => {
    const person = ['--email', 'sue@ops.test', '--username', 'sue', '--first-name', 'Sue', '--last-name', 'Lee'];
    const { output } = await cli('create-admin', ...person, '--json');
    const { user, password } = JSON.parse(output);
    expect(user.role).toBe('staff');
    await signIn(test.url, undefined, 'sue@ops.test', password);
  });

  it('rejects a weak password, an unknown tenant and an address of another account', async () => {
    const weak = await runCli(
      test.dataDirectory,
      ['create-admin', '--tenant', 'cli', ...ada, '--password-stdin'],
      'x\n',
    );
    expect(weak).toMatchObject({ exitCode: 1, output: '' });
    expect(weak.errors).toContain('--password');
    const unknown = await cli('create-admin', '--tenant', 'unknown', ...ada);
    expect(unknown).toMatchObject({ exitCode: 1, output: '' });
    expect(unknown.errors).toContain('Create the tenant first');

    const member = { username: 'max', email: 'max@cli.test', firstName: 'Max', lastName: 'M', role: 'member' } as const;
    await test.provision({ command: 'createUser', tenant: 'cli', ...member, password: 'Garden-wall-58' });
    const person = ['--email', 'max@cli.test', '--username', 'max2', '--first-name', 'M', '--last-name', 'M'];
    const taken = await cli('create-admin', '--tenant', 'cli', ...person);
    expect(taken).toMatchObject({ exitCode: 1, output: '' });
    expect(taken.errors).toContain('role member');
  });
});

describe('doctor', () => {
  it('passes when everything works', async () => {
    const { exitCode, output } = await cli('doctor', '--json');
    const { passed, checks } = JSON.parse(output);
    expect(checks.filter((check: { passed: boolean }) => !check.passed)).toEqual([]);
    expect(checks.map((check: { name: string }) => check.name)).toEqual([
      'Node',
      'local database engine',
      'deployment',
      'health',
      'sign-in keys',
      'clock',
      'WebSocket',
      'administration',
    ]);
    expect({ exitCode, passed }).toEqual({ exitCode: 0, passed: true });
  });

  it('shows each failure with its remedy', async () => {
    const { exitCode, output } = await runCli(nowhere, ['doctor']);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/✓ Node/);
    expect(output).toMatch(/✗ deployment[\s\S]*→ .*npm start/);
    // No program listens at the discard port.
    const remote = await runCli(nowhere, ['doctor', '--url', 'http://127.0.0.1:9']);
    expect(remote.exitCode).toBe(1);
    for (const name of ['health', 'sign-in keys', 'clock', 'WebSocket']) expect(remote.output).toContain(`✗ ${name}`);
  });

  it('checks an address without credentials', async () => {
    const { exitCode, output } = await runCli(nowhere, ['doctor', '--url', test.url]);
    expect(output).not.toContain('✗');
    expect(exitCode).toBe(0);
  });
});

describe('verify', () => {
  it('passes when everything works', async () => {
    const { exitCode, output } = await cli('verify', '--json');
    const { passed, checks } = JSON.parse(output);
    expect(checks.filter((check: { passed: boolean }) => !check.passed)).toEqual([]);
    expect(checks.map((check: { name: string }) => check.name)).toEqual([
      'health',
      'sign-in and sockets',
      'message',
      'summary',
      'event bus',
      'files',
    ]);
    expect({ exitCode, passed }).toEqual({ exitCode: 0, passed: true });
  });

  it('reports a failed projector although messages are stored and delivered', async () => {
    const crippled = await startTestRun({
      faults: {
        // The projector can poll the stream, but cannot process the records.
        withholds: (roleArn, action) =>
          /stream-?projector/i.test(roleArn) && ['sts:AssumeRole', 'events:PutEvents'].includes(action),
      },
    });
    try {
      const { exitCode, output } = await runCli(crippled.dataDirectory, ['verify', '--patience', '5']);
      expect(output).toMatch(/✓ message/);
      expect(output).toMatch(/✗ summary/);
      expect(output).toMatch(/✗ event bus/);
      expect(exitCode).toBe(1);
    } finally {
      await crippled.stop();
    }
  });
});

describe('the launcher', () => {
  const directories: string[] = [];
  afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

  /** Only the launcher's Node reports version 20. */
  async function runByOlderNode(args: readonly string[]): Promise<Awaited<ReturnType<typeof runCli>>> {
    const directory = await mkdtemp(join(tmpdir(), 'switchboard-launcher-'));
    directories.push(directory);
    const preload = join(directory, 'older.cjs');
    const older = "Object.defineProperty(process.versions, 'node', { value: '20.0.0' });";
    await writeFile(preload, `${older}\ndelete process.env.NODE_OPTIONS;\n`);
    return runCli(test.dataDirectory, args, '', { NODE_OPTIONS: `--require=${preload}` });
  }

  it('starts the project’s Node when the machine’s is older, or explains what to install', async () => {
    const { exitCode, output, errors } = await runByOlderNode(['doctor', '--json']);
    if (existsSync(join(root, 'node_modules/.bin/node'))) {
      expect(JSON.parse(output).checks[0]).toMatchObject({ name: 'Node', passed: true });
      expect(exitCode).toBe(0);
    } else {
      expect(errors).toMatch(/needs Node 24 or newer.*install one from https/);
      expect(exitCode).toBe(1);
    }
  });
});
