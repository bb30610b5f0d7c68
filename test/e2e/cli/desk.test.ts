import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sentForm } from '../../integration/desk/desk-calls.ts';
import { type Desk, deskOf } from '../../integration/desk/desk-people.ts';
import { startTestRun, type TestRun } from '../../integration/harness.ts';
import { password } from '../../integration/people.ts';
import type { SignedIn } from '../../integration/raw-client.ts';
import { type ChildProcess, runCli, startCli } from './child-process.ts';

let test: TestRun;
let folder: string;
let desk: Desk;
let amina: SignedIn;

beforeAll(async () => {
  [test, folder] = await Promise.all([startTestRun(), mkdtemp(join(tmpdir(), 'switchboard-desk-'))]);
  desk = await deskOf(test, 'terminal', { autoAssign: 'off' });
  amina = await desk.agent('amina');
});
afterAll(async () => {
  await Promise.all([test.stop(), rm(folder, { recursive: true, force: true })]);
});

const cli = (...args: string[]) => runCli(test.dataDirectory, args);
const asAmina = () => ['desk', '--as', 'amina@terminal.test', '--tenant', desk.slug, '--password', password];
const startGuest = () =>
  startCli(test.dataDirectory, ['chat', '--guest', '--tenant', desk.slug, '--json'], { XDG_CONFIG_HOME: folder });
const shows = (program: ChildProcess, text: string | RegExp) =>
  program.until(`The line ${String(text)}`, () =>
    program.lines.some((line) => (typeof text === 'string' ? line.includes(text) : text.test(line))),
  );

async function command(agent: ChildProcess, line: string, shown: string | RegExp): Promise<void> {
  agent.write(`${line}\n`);
  await shows(agent, shown);
}

it('serves a guest from the queue to the resolution, and shows the agent what changes meanwhile', async () => {
  const agent = startCli(test.dataDirectory, asAmina());
  await shows(agent, 'The list is empty.');
  const guest = startGuest();
  await shows(agent, /^New: 1\. waiting, .*Guest/);
  guest.write('I cannot log in\n');
  await command(agent, 'take 1', 'You have conversation 1.');
  await shows(agent, 'I cannot log in');
  await command(agent, 'reply How can I help?', 'How can I help?');
  await shows(guest, 'How can I help?');
  await command(agent, 'note Her account was locked', 'Her account was locked');

  const smoke = await desk.start(desk.customer, { subject: 'Smoke' });
  expect((await desk.say(desk.customer, smoke, 'Fire\u001b[2J', { urgent: true })).status).toBe(201);
  await shows(agent, /^URGENT: conversation 2\. Type: take 2, or ack 2\./);
  await command(agent, 'ack 2', 'Acknowledged conversation 2.');
  await command(agent, 'open 2', 'Fire\u241b[2J');
  await command(agent, 'list waiting', /^1\. urgent, waiting, .*: Smoke$/);

  await command(agent, 'list mine', /^1\. with amina Test, .*Guest/);
  await command(agent, 'resolve 1', 'Resolved conversation 1.');
  await shows(guest, '"resolved"');
  agent.write('quit\n');
  expect(await agent.exit()).toBe(0);
  guest.endInput();
  expect(await guest.exit()).toBe(0);
  const seen = guest.lines.join('\n');
  expect(seen).toContain('I cannot log in');
  expect(seen).not.toContain('Her account was locked');
});

it('continues the conversation of the same guest in the next run of the chat', async () => {
  const idOf = async (): Promise<unknown> => {
    const guest = startGuest();
    guest.write('Hello\n');
    await shows(guest, /"history":false.*"text":"Hello"/);
    guest.endInput();
    await guest.exit();
    const messages = guest.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'message');
    return messages[0]?.conversationId;
  };
  const first = await idOf();
  expect(first).toEqual(expect.any(String));
  expect(await idOf()).toBe(first);
});

it('sends urgent messages and the answers to forms from the terminal of a guest', async () => {
  const guest = startGuest();
  guest.write('/urgent They are here\n');
  await shows(guest, /"history":false.*"text":"They are here".*"urgent":true|"urgent":true.*"text":"They are here"/);
  const messages = guest.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'message');
  await sentForm(test, amina, messages[0]?.conversationId);
  await shows(guest, 'Which host?');
  guest.write('/answer web-3\n');
  await shows(guest, 'Write <field>=<answer>.');
  guest.write('/answer host=web-3\n');
  await shows(guest, '"host":"web-3"');
  guest.endInput();
  expect(await guest.exit()).toBe(1);
});

it('reports each failed command of a pipe, continues, and ends with the exit code 1', async () => {
  const input = 'take 99\nreply Hello\nlist nothing\nnonsense\ncounts\n';
  const { exitCode, output } = await runCli(test.dataDirectory, asAmina(), input);
  for (const text of [
    'has no conversation 99',
    'No conversation is open',
    'Choose one of',
    'Unknown command nonsense',
  ]) {
    expect(output).toContain(text);
  }
  expect(output).toMatch(/\d+ yours, \d+ waiting, \d+ open/);
  expect(exitCode).toBe(1);
});

it('verifies a signed transcript, and says what is wrong with one that was changed', async () => {
  const id = await desk.start(desk.customer, { subject: 'Proof' });
  await desk.say(desk.customer, id, 'It was nine');
  const answer = await desk.get(amina, `/conversations/${id}/transcript?format=signed`);
  expect(answer.status, answer.text).toBe(200);
  const text: string = answer.body.content;
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' })).slice(1, -1);
  const wrongKey = text.replace(/-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----(\\n)?/, () => other);
  expect(wrongKey).not.toBe(text);
  const outcomes: readonly (readonly [string, string | undefined, number, string])[] = [
    ['valid', text, 0, `of conversation ${id}`],
    ['changed', text.replace('It was nine', 'It was nina'), 1, 'the content differs'],
    ['wrong-key', wrongKey, 1, 'the signature is not by the key in the file'],
    ['half', text.slice(0, text.length / 2), 1, 'the file is not a signed transcript'],
    ['absent', undefined, 2, 'Cannot read'],
  ];
  await Promise.all(
    outcomes.map(async ([name, content, expected, shown]) => {
      const file = join(folder, `${name}.json`);
      if (content !== undefined) await writeFile(file, content);
      const { exitCode, output, errors } = await cli('verify-transcript', file);
      expect(output + errors, name).toContain(shown);
      expect(exitCode, name).toBe(expected);
    }),
  );
});

it('reads and changes the settings of a tenant, and names what does not fit', async () => {
  // Functions know the settings of the other tenant for 30 seconds.
  const slug = test.slugOf('settings');
  expect(await test.provision({ command: 'createTenant', slug, name: 'Settings', settings: {} })).toMatchObject({
    ok: true,
  });
  const settings = (...args: string[]) => cli('settings', '--tenant', slug, ...args);
  const changed = await settings('--set', 'guests=off', '--set', 'messagesPerMinute=null', '--json');
  expect(JSON.parse(changed.output)).toMatchObject({ settings: { guests: 'off', messagesPerMinute: null } });
  const shown = (await settings()).output;
  expect(shown).toMatch(/^guests +off$/m);
  expect(shown).toMatch(/^autoAssign +on$/m);
  const guest = await runCli(test.dataDirectory, ['chat', '--guest', '--tenant', slug], '', {
    XDG_CONFIG_HOME: folder,
  });
  expect(guest.exitCode).toBe(1);
  const wrong = await settings('--set', 'guests=maybe', '--set', 'colour=red');
  expect(wrong.errors).toMatch(/Nothing was changed:\n {2}guests .*\n {2}colour /);
  expect(wrong.exitCode).toBe(2);
});
