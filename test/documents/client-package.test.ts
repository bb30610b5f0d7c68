import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient, type BuiltClient, type ClientPart } from '../../bin/build-client.ts';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { MarkdownFile, root } from './markdown.ts';

const typedProgram = `
import { createChatClient, messagesIn, presenceIn, type ChatClient, type Message } from 'switchboard/client';
import { openAttachments } from 'switchboard/client/attachments';
import { openDesk } from 'switchboard/client/desk';
import { openDrafts } from 'switchboard/client/drafts';
import { guestSignIn, type HelpState, openSupport } from 'switchboard/client/guest';
import { openNotifications } from 'switchboard/client/notifications';
import { fileGuestKeys, fileOutbox, OutboxInUseError } from 'switchboard/client/node';
import { getUnreadCount } from 'switchboard/client/routes';

export async function unread(url: string, accessToken: () => Promise<string>): Promise<number> {
  const client: ChatClient = await createChatClient({ url, accessToken, outbox: fileOutbox('outbox') });
  const messages: readonly Message[] = messagesIn(client.state, 'c');
  const text: string | undefined = messages[0]?.text;
  client.on('presence', (users) => users.map(({ status }): 'online' | 'away' | 'offline' => status));
  // @ts-expect-error A message goes to a conversation.
  client.messages.send('Hello');
  // @ts-expect-error There is no such status.
  client.presence.set('dancing');
  const answer = await client.call(getUnreadCount);
  if (!answer.ok) throw new Error(answer.problem.code);
  // @ts-expect-error It is a number.
  const wrong: string = answer.body.messages;
  console.log(text, wrong, presenceIn(client.state, 'bob')?.lastSeenAt, OutboxInUseError);
  const draft: string | undefined = openDrafts(client).of('c')?.text;
  const items: number = (await openDesk(client).openView({ view: 'mine' })).items.length;
  console.log(draft, items, openNotifications(client).state.unreadCount);
  return answer.body.messages;
}

export async function help(url: string): Promise<HelpState | undefined> {
  const keyStore = fileGuestKeys('key.json');
  const guest = await createChatClient({ url, guest: guestSignIn({ tenant: 'demo', keyStore }) });
  const role: 'guest' = guest.user.role;
  // @ts-expect-error Only agents and admins have a desk.
  openDesk(guest);
  // @ts-expect-error The sign-in comes from guestSignIn.
  await createChatClient({ url, guest: { tenant: 'demo' } });
  const support = openSupport(guest);
  support.answerForm('c', 2, { level: 'High', count: 2 });
  console.log(role, openAttachments(guest).newId());
  const [message] = messagesIn(guest.state, 'c');
  return message && support.helpState('c', message);
}
`;

/** Compressed. A page loads the client and the parts that it imports. */
const mostKiB: Readonly<Record<ClientPart, number>> = {
  client: 24,
  attachments: 3,
  desk: 4,
  drafts: 2,
  guest: 4.5,
  notifications: 2.5,
  node: 2,
};
const inBrowsers = Object.keys(mostKiB).filter((part) => part !== 'node');

/** A package that links this one in its node_modules. */
let folder: string;
let built: BuiltClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-package-'));
  const installed = join(folder, 'node_modules/switchboard');
  await mkdir(installed, { recursive: true });
  await symlink(join(root, 'package.json'), join(installed, 'package.json'));
  // The types refer to zod.
  await symlink(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  built = await buildClient(join(installed, 'dist/client'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(program: string): Promise<string> {
  await writeFile(join(folder, 'program.js'), program);
  return execFileSync(process.execPath, [join(folder, 'program.js')], { encoding: 'utf8' });
}

describe('the package', () => {
  it('exports the client to other programs', async () => {
    const names = await run(`
      import { createChatClient, NetworkError, memoryOutbox, messagesIn } from 'switchboard/client';
      import { fileOutbox } from 'switchboard/client/node';
      const login = { tenant: 'demo', email: 'a@b.test', password: 'x' };
      const failure = await createChatClient({ url: 'http://127.0.0.1:9', login }).catch((error) => error);
      console.log(failure instanceof NetworkError, [memoryOutbox, messagesIn, fileOutbox].map((each) => typeof each).join());
    `);
    expect(names).toBe('true function,function,function\n');
  });

  it.each(inBrowsers)(
    'has no dependencies, no Node modules and nothing newer than ES2022 in its part %s',
    async (part) => {
      const text = await readFile(join(folder, `node_modules/switchboard/dist/client/${part}.js`), 'utf8');
      const imported = [...text.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, path]) => path);
      expect(imported.filter((path) => part === 'client' || path !== './client.js')).toEqual([]);
      expect(text.match(/\bimport\s*["'(]|\brequire\(/g)).toBeNull();
      expect(text.match(/\bprocess\.|\bBuffer\b|node:/g)).toBeNull();
      expect(
        text.match(/\.(toSorted|toReversed|toSpliced|with|findLast|findLastIndex|isWellFormed)\(|\/v\b/g),
      ).toBeNull();
    },
  );

  it.each(Object.entries(mostKiB))('has a part %s that stays below %d KiB', (part, most) => {
    expect(built.gzipBytes[part as ClientPart]).toBeLessThan(most * 1024);
  });

  it('has one class for each error, so that instanceof works in all parts', async () => {
    const isSame = await run(`
      import { MissingPartError } from 'switchboard/client';
      import { browserGuestKeys } from 'switchboard/client/guest';
      const error = await browserGuestKeys('guest-demo').load().catch((error) => error);
      console.log(error instanceof MissingPartError);
    `);
    expect(isSame).toBe('true\n');
  });

  it('exports every operation', async () => {
    const ids = await run(`
      import * as routes from 'switchboard/client/routes';
      console.log(Object.values(routes).map(({ operationId }) => operationId).sort().join());
    `);
    const expected = Object.values(routesByFunction).flatMap((routes) => routes.map(({ operationId }) => operationId));
    expect(ids.trim().split(',')).toEqual(expected.toSorted());
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types for programs with %s modules and %s resolution', async (module, resolution) => {
    await writeFile(join(folder, 'typed.ts'), typedProgram);
    const options = ['--noEmit', '--ignoreConfig', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
    const more = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--types', 'node'];
    const moduleOptions = [
      '--typeRoots',
      join(root, 'node_modules/@types'),
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...more, ...moduleOptions, 'typed.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe('the page about the client', () => {
  const page = new MarkdownFile('docs/client.md');

  it('shows exactly the files in examples/client', async () => {
    const folderOfExamples = join(root, 'examples/client');
    const shown = page.fences.filter(({ language }) => language === 'ts').map(({ text }) => text);
    const expected = [];
    for (const name of await readdir(folderOfExamples)) {
      const text = await readFile(join(folderOfExamples, name), 'utf8');
      const imported = text
        .replaceAll(/'\.\.\/\.\.\/shared\/client\/[\w-]+-in-files\.ts'/g, "'switchboard/client/node'")
        .replaceAll(
          /'\.\.\/\.\.\/shared\/client\/(attachments|desk|drafts|notifications)\.ts'/g,
          "'switchboard/client/$1'",
        )
        .replaceAll(/'\.\.\/\.\.\/shared\/client\/(guest-[\w-]+|support)\.ts'/g, "'switchboard/client/guest'")
        .replaceAll(/'\.\.\/\.\.\/shared\/client\/[\w-]+\.ts'/g, "'switchboard/client'")
        .replaceAll(/'\.\.\/\.\.\/shared\/contract\/[\w/-]+\.ts'/g, "'switchboard/client/routes'");
      expected.push(`// ${name}\n${withOneImportPerModule(imported)}`);
    }
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });
});

/** A part of the package exports names of several files. */
function withOneImportPerModule(text: string): string {
  const names = new Map<string, string[]>();
  const form = /^import \{ (.+) \} from ('.+');\n/gm;
  for (const [, list = '', module = ''] of text.matchAll(form)) {
    names.set(module, [...(names.get(module) ?? []), ...list.split(', ')]);
  }
  return text.replaceAll(form, (_line, _list, module: string) => {
    const list = names.get(module);
    names.delete(module);
    return list === undefined ? '' : `import { ${list.toSorted().join(', ')} } from ${module};\n`;
  });
}
