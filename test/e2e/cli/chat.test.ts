import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChildProcess, root, runCli, startCli } from './child-process.ts';

/** The server as `npm start` runs it, so that it can be killed. */
let server: ChildProcess;
let dataDirectory: string;
let port: number;

async function startServer(): Promise<void> {
  server = new ChildProcess(process.execPath, ['--import', 'tsx', join(root, 'bin/start.ts')], {
    DATA_DIR: dataDirectory,
    PORT: String(port),
  });
  await server.until('The start', () => server.lines.some((line) => line.includes('Ctrl-C ends everything')));
}

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'switchboard-chat-'));
  port = await freePort();
  await startServer();
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

/** A chat whose output is JSON, one event a line. */
class JsonChat {
  readonly process: ChildProcess;

  constructor(as: string, tenant: string, other: string) {
    this.process = startCli(dataDirectory, ['chat', '--as', as, '--tenant', tenant, '--with', other, '--json']);
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

  async hears(count: number): Promise<void> {
    await this.process.until(`${count} messages`, () => this.messages.length >= count);
  }

  async quit(): Promise<number | null> {
    this.say('/quit');
    return this.process.exit();
  }
}

async function pairOf(one: string, other: string): Promise<readonly [JsonChat, JsonChat]> {
  const chats = [new JsonChat(one, 'load', other), new JsonChat(other, 'load', one)] as const;
  await Promise.all(chats.map((chat) => chat.connected()));
  return chats;
}

const numbered = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}`);

describe('two people', () => {
  it('hear one another, each message once and in the same order', async () => {
    const [one, other] = await pairOf('u1@load.test', 'u2');
    one.say('Hello', 'How are you?');
    await other.hears(2);
    other.say('Fine');
    await Promise.all([one.hears(3), other.hears(3)]);
    expect(one.texts).toEqual(['Hello', 'How are you?', 'Fine']);
    expect(other.texts).toEqual(one.texts);
    expect(one.messages.map(({ own }) => own)).toEqual([true, true, false]);
    expect(other.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await Promise.all([one.quit(), other.quit()])).toEqual([0, 0]);
  });

  it('lose and repeat nothing when the server is killed and started again', async () => {
    const [one, other] = await pairOf('u3', 'u4');
    one.say(...numbered('one', 1, 10));
    other.say(...numbered('other', 1, 10));
    // Killed in the middle of it, with messages on their way in both directions.
    await one.hears(8);
    server.kill('SIGKILL');
    one.say(...numbered('one', 11, 20));
    other.say(...numbered('other', 11, 20));
    await server.exit();
    await one.process.until('The loss of the connection', () =>
      one.events.some(({ state }) => state === 'disconnected'),
    );
    await startServer();
    one.say(...numbered('one', 21, 25));
    await Promise.all([one.hears(45), other.hears(45)]);
    expect(await Promise.all([one.quit(), other.quit()])).toEqual([0, 0]);

    expect(other.texts).toEqual(one.texts);
    expect(one.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    const by = (name: string) => one.texts.filter((text) => String(text).startsWith(`${name} `));
    expect(by('one')).toEqual(numbered('one', 1, 25));
    expect(by('other')).toEqual(numbered('other', 1, 20));

    const later = await new JsonChat('u4', 'load', 'u3').connected();
    await later.hears(20);
    expect(later.texts).toEqual(one.texts.slice(-20));
    later.say('/history');
    await later.hears(40);
    expect(later.texts.slice(20)).toEqual(one.texts.slice(5, 25));
    expect(await later.quit()).toBe(0);
  });
});

describe('a group', () => {
  const group = (as: string, ...others: readonly string[]) => [
    ...['chat', '--as', as, '--tenant', 'load', '--group', 'Harbour'],
    ...others.flatMap((other) => ['--with', other]),
  ];
  const withoutTimes = (output: string) => output.split('\n').map((line) => line.replace(/\d\d:\d\d /, ''));

  it('is started, changed and left with commands, and tells it in words', async () => {
    const lines = [
      'Hello',
      '/edit Hello all',
      '/place 48.8584,2.2945 Eiffel Tower',
      '/add u17',
      '/who',
      '/rename',
      '//quit',
    ];
    const first = await runCli(dataDirectory, group('u15', 'u16'), `${lines.join('\n')}\n`);
    // One of the lines was wrong.
    expect(first.exitCode).toBe(1);
    expect(first.errors).toContain('It needs a name; /help shows how.');
    for (const words of ['User 15 Load is online, admin', 'User 17 Load is offline'])
      expect(first.errors).toContain(words);
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
      'User 16 Load: Fine (answers #6)',
      '* User 16 Load left',
    ]);
    // Whoever left has it no longer, and begins another.
    const again = await runCli(dataDirectory, group('u16', 'u15'), '');
    expect(withoutTimes(again.output)).toEqual(['* You started the group “Harbour” with User 15 Load']);
    const ambiguous = await runCli(dataDirectory, group('u15'), '');
    expect(ambiguous.errors).toContain('You are in 2 groups called Harbour');
  });

  it.each([
    ['nobody', [], 'Say whom to talk to'],
    ['two without a name', ['--with', 'u2', '--with', 'u3'], 'add --group'],
  ])('with %s is no command', async (_what, others, words) => {
    const result = await runCli(dataDirectory, ['chat', '--as', 'u1', '--tenant', 'load', ...others]);
    expect(result.exitCode).toBe(2);
    expect(result.errors).toContain(words);
  });
});

describe('a chat through pipes', () => {
  it('sends every line and ends when the input ends and all is stored', async () => {
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

  it('shows control characters and directions of others as signs', async () => {
    await runCli(dataDirectory, ['chat', '--as', 'u7', '--tenant', 'load', '--with', 'u8'], '\u001b[2Jboo\nשלום\n');
    const { output } = await runCli(dataDirectory, ['chat', '--as', 'u8', '--tenant', 'load', '--with', 'u7'], '');
    expect(output.split('\n').map((line) => line.slice(6))).toEqual([
      'User 7 Load: ␛[2Jboo',
      'User 7 Load: \u2068שלום\u2069',
    ]);
  });

  it('takes the password from the first line, and messages from the others', async () => {
    const args = ['chat', '--as', 'u9', '--tenant', 'load', '--with', 'u10', '--password-stdin'];
    const { exitCode, output } = await runCli(dataDirectory, args, 'Switchboard-1!\nHello\n');
    expect(exitCode).toBe(0);
    expect(output.slice(6)).toBe('✓ You: Hello');
  });

  it('says when a message was refused, and goes on with the next', async () => {
    const args = ['chat', '--as', 'u11', '--tenant', 'load', '--with', 'u12'];
    const { exitCode, output, errors } = await runCli(dataDirectory, args, `${'x'.repeat(2001)}\nshort\n`);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/! You: x+ \(The message is too long\)/);
    expect(output.slice(6)).toBe('✓ You: short');
  });

  it.each([
    ['a wrong password', ['--with', 'u2', '--password', 'nonsense'], 'do not fit together'],
    ['somebody who is not there', ['--with', 'nobody'], 'no active user nobody'],
    ['oneself', ['--with', 'u1'], 'another user than yourself'],
  ])('with %s is refused in plain words', async (_what, more, words) => {
    const { exitCode, output, errors } = await runCli(dataDirectory, [
      'chat',
      '--as',
      'u1',
      '--tenant',
      'load',
      ...more,
    ]);
    expect(exitCode).toBe(1);
    expect(errors).toContain(words);
    expect(output).toBe('');
  });

  it('ends cleanly when it is interrupted, and its session with it', async () => {
    const [one, other] = await pairOf('u13', 'u14');
    one.process.kill('SIGINT');
    expect(await one.process.exit()).toBe(0);
    other.process.kill('SIGTERM');
    expect(await other.process.exit()).toBe(0);
  });
});
