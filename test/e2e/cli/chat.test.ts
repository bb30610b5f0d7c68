import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../../bin/build.ts';
import { builtAssembly } from '../../integration/harness.ts';
import { quickAssembly } from '../../integration/quick-passwords.ts';
import { ChildProcess, root, runCli, startCli } from './child-process.ts';

let server: ChildProcess;
let dataDirectory: string;
let assembly: string;
let port: number;

async function startServer(): Promise<void> {
  const args = [join(root, 'local/start.ts'), assembly, '--port', String(port), '--data', dataDirectory];
  server = new ChildProcess(process.execPath, args, {});
  await server.until('The start', () => server.lines.some((line) => line.includes('Ctrl-C ends the run')));
}

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'switchboard-chat-'));
  port = await freePort();
  await build();
  assembly = join(dataDirectory, 'assembly');
  await quickAssembly(builtAssembly, assembly);
  await startServer();
  expect(await runCli(dataDirectory, ['seed-demo'])).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  server.kill('SIGTERM');
  await server.exit();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}

interface ChatEvent {
  readonly event: string;
  readonly [name: string]: unknown;
}

class JsonChat {
  readonly process: ChildProcess;

  constructor(as: string, tenant: string, partner: string) {
    this.process = startCli(dataDirectory, ['chat', '--as', as, '--tenant', tenant, '--with', partner, '--json']);
  }

  get events(): readonly ChatEvent[] {
    return this.process.lines.map((line) => JSON.parse(line) as ChatEvent);
  }

  get messages(): readonly ChatEvent[] {
    return this.events.filter(({ event }) => event === 'message');
  }

  get texts(): readonly unknown[] {
    return this.messages.map(({ text }) => text);
  }

  say(...lines: readonly string[]): void {
    this.process.write(lines.map((line) => `${line}\n`).join(''));
  }

  async connected(): Promise<this> {
    await this.process.until(
      'The connection',
      () => this.events.findLast(({ event }) => event === 'state')?.['state'] === 'connected',
    );
    return this;
  }

  async receives(count: number): Promise<void> {
    await this.process.until(`${count} messages`, () => this.messages.length >= count);
  }

  async quit(): Promise<number | null> {
    this.say('/quit');
    return this.process.exit();
  }
}

async function pairOf(first: string, second: string): Promise<readonly [JsonChat, JsonChat]> {
  const chats = [new JsonChat(first, 'load', second), new JsonChat(second, 'load', first)] as const;
  await Promise.all(chats.map((chat) => chat.connected()));
  return chats;
}

const numbered = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}`);

describe('a pair of chats', () => {
  it('shows each message once and in the same order', async () => {
    const [left, right] = await pairOf('u1@load.test', 'u2');
    left.say('Hello', 'How are you?');
    await right.receives(2);
    right.say('Fine');
    await Promise.all([left.receives(3), right.receives(3)]);
    expect(left.texts).toEqual(['Hello', 'How are you?', 'Fine']);
    expect(right.texts).toEqual(left.texts);
    expect(left.messages.map(({ own }) => own)).toEqual([true, true, false]);
    expect(right.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await Promise.all([left.quit(), right.quit()])).toEqual([0, 0]);
  });

  it('loses and repeats no message when the server is killed and restarted', async () => {
    const [left, right] = await pairOf('u3', 'u4');
    left.say(...numbered('left', 1, 10));
    right.say(...numbered('right', 1, 10));
    await left.receives(8);
    server.kill('SIGKILL');
    left.say(...numbered('left', 11, 20));
    right.say(...numbered('right', 11, 20));
    await server.exit();
    await left.process.until('The loss of the connection', () =>
      left.events.some(({ state }) => state === 'disconnected'),
    );
    await startServer();
    left.say(...numbered('left', 21, 25));
    await Promise.all([left.receives(45), right.receives(45)]);
    expect(await Promise.all([left.quit(), right.quit()])).toEqual([0, 0]);

    expect(right.texts).toEqual(left.texts);
    expect(left.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    const by = (name: string) => left.texts.filter((text) => String(text).startsWith(`${name} `));
    expect(by('left')).toEqual(numbered('left', 1, 25));
    expect(by('right')).toEqual(numbered('right', 1, 20));

    const later = await new JsonChat('u4', 'load', 'u3').connected();
    await later.receives(20);
    expect(later.texts).toEqual(left.texts.slice(-20));
    later.say('/history');
    await later.receives(40);
    expect(later.texts.slice(20)).toEqual(left.texts.slice(5, 25));
    expect(await later.quit()).toBe(0);
  });
});

describe('a group', () => {
  const group = (as: string, ...others: readonly string[]) => [
    ...['chat', '--as', as, '--tenant', 'load', '--group', 'Harbour'],
    ...others.flatMap((user) => ['--with', user]),
  ];
  const withoutTimes = (output: string) => output.split('\n').map((line) => line.replace(/\d\d:\d\d /, ''));

  it('is created, changed and left with commands, and describes each change', async () => {
    const lines = [
      'Hello',
      '/edit Hello all',
      '/location 48.8584,2.2945 Eiffel Tower',
      '/add u17',
      '/who',
      '/rename',
      '//quit',
    ];
    const first = await runCli(dataDirectory, group('u15', 'u16'), `${lines.join('\n')}\n`);
    // `/rename` lacks its argument.
    expect(first.exitCode).toBe(1);
    expect(first.errors).toContain('The command needs a name. Type /help for its usage.');
    for (const text of ['User 15 Load is online, admin', 'User 17 Load is offline'])
      expect(first.errors).toContain(text);
    const second = await runCli(dataDirectory, group('u16'), '/react 👍\n/reply Fine\n/leave\n');
    expect(second.exitCode).toBe(0);
    expect(withoutTimes(second.output)).toContain('* User 15 Load added User 17 Load');
    const third = await runCli(dataDirectory, group('u17'), '');
    expect(withoutTimes(third.output)).toEqual([
      '* User 15 Load started the group “Harbour” with User 16 Load',
      'User 15 Load: Hello all (edited)',
      'User 15 Load: (Eiffel Tower: 48.8584, 2.2945)',
      '* User 15 Load added you',
      'User 15 Load: /quit (👍 User 16 Load)',
      'User 16 Load: Fine (reply to #6)',
      '* User 16 Load left',
    ]);
    const again = await runCli(dataDirectory, group('u16', 'u15'), '');
    expect(withoutTimes(again.output)).toEqual(['* You started the group “Harbour” with User 15 Load']);
    const ambiguous = await runCli(dataDirectory, group('u15'), '');
    expect(ambiguous.errors).toContain('You are in 2 groups named Harbour');
  });

  it.each([
    ['no other user', [], 'Choose whom to chat with'],
    ['two users but no group', ['--with', 'u2', '--with', 'u3'], 'add --group'],
  ])('rejects arguments with %s', async (_case, others, text) => {
    const result = await runCli(dataDirectory, ['chat', '--as', 'u1', '--tenant', 'load', ...others]);
    expect(result.exitCode).toBe(2);
    expect(result.errors).toContain(text);
  });
});

describe('a chat through pipes', () => {
  it('sends every line, and ends once the input has ended and all messages are stored', async () => {
    const args = ['chat', '--as', 'u5', '--tenant', 'load', '--with', 'u6@load.test'];
    const first = await runCli(dataDirectory, args, 'one\ntwo\nthree\n');
    expect(first.exitCode).toBe(0);
    expect(first.output.split('\n').map((line) => line.slice(6))).toEqual(['✓ You: one', '✓ You: two', '✓ You: three']);
    expect(first.errors).toContain('connected');
    const second = await runCli(dataDirectory, ['chat', '--as', 'u6', '--tenant', 'load', '--with', 'u5'], '');
    expect(second.output.split('\n').map((line) => line.slice(6))).toEqual(
      ['one', 'two', 'three'].map((text) => `User 5 Load: ${text}`),
    );
  });

  it('shows control characters of other users as visible symbols, and isolates right-to-left text', async () => {
    await runCli(dataDirectory, ['chat', '--as', 'u7', '--tenant', 'load', '--with', 'u8'], '\u001b[2Jboo\nשלום\n');
    const { output } = await runCli(dataDirectory, ['chat', '--as', 'u8', '--tenant', 'load', '--with', 'u7'], '');
    expect(output.split('\n').map((line) => line.slice(6))).toEqual([
      'User 7 Load: ␛[2Jboo',
      'User 7 Load: \u2068שלום\u2069',
    ]);
  });

  it('reads the password from the first line, and messages from the other lines', async () => {
    const args = ['chat', '--as', 'u9', '--tenant', 'load', '--with', 'u10', '--password-stdin'];
    const { exitCode, output } = await runCli(dataDirectory, args, 'Switchboard-1!\nHello\n');
    expect(exitCode).toBe(0);
    expect(output.slice(6)).toBe('✓ You: Hello');
  });

  it('reports a rejected message, and continues with the next one', async () => {
    const args = ['chat', '--as', 'u11', '--tenant', 'load', '--with', 'u12'];
    const { exitCode, output, errors } = await runCli(dataDirectory, args, `${'x'.repeat(2001)}\nshort\n`);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/! You: x+ \(The message is too long\)/);
    expect(output.slice(6)).toBe('✓ You: short');
  });

  it.each([
    ['a wrong password', ['--with', 'u2', '--password', 'nonsense'], 'password is wrong'],
    ['an unknown user', ['--with', 'u99'], 'no active user u99'],
    ['the user', ['--with', 'u1'], 'the id of another user'],
  ])('rejects a chat with %s and explains why', async (_case, more, text) => {
    const { exitCode, output, errors } = await runCli(dataDirectory, [
      'chat',
      '--as',
      'u1',
      '--tenant',
      'load',
      ...more,
    ]);
    expect(exitCode).toBe(1);
    expect(errors).toContain(text);
    expect(output).toBe('');
  });

  it('ends with exit code 0 when it is interrupted', async () => {
    const [left, right] = await pairOf('u13', 'u14');
    left.process.kill('SIGINT');
    expect(await left.process.exit()).toBe(0);
    right.process.kill('SIGTERM');
    expect(await right.process.exit()).toBe(0);
  });
});
