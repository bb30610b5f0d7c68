import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../../bin/build.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { type Cast, castOf, connect, conversationOf } from '../people.ts';
import { call } from '../raw-client.ts';
import { changesBetween, Tables } from '../system/tables.ts';

/**
 * The deployed bundles run with a patch: on request, they use the south's prefix in the north's keys. Then no code
 * separates the two tenants.
 */
const astray = ['users', 'conversations', 'messages', 'socket-message'].map((name) => `switchboard-dev-${name}`);
const getter = /(get prefix\(\)\{return`(?:\$\{\w+\}|T#)\$\{)this\.tenantId(\}#`\})/;

let directory: string;
let swapFile: string;

/** `widened` also opens the roles, to prove that they stop the calls. */
async function patchedAssembly(widened: boolean): Promise<string> {
  await build();
  const copy = join(directory, widened ? 'widened' : 'patched');
  await cp(join(import.meta.dirname, '../../../cdk.out'), copy, { recursive: true });
  let patched = 0;
  for (const name of await readdir(copy)) {
    const bundle = join(copy, name, 'index.mjs');
    if (existsSync(bundle)) {
      const source = await readFile(bundle, 'utf8');
      const file = JSON.stringify(swapFile);
      const tenant = `((fs,own,name)=>{if(!fs.existsSync(${file}))return own;const swap=JSON.parse(fs.readFileSync(${file},"utf8"));return swap.functions.includes(name)?swap.tenants[own]??own:own})(require("node:fs"),this.tenantId,process.env.AWS_LAMBDA_FUNCTION_NAME)`;
      if (getter.test(source)) patched += 1;
      await writeFile(
        bundle,
        source.replace(getter, (_whole, before, after) => `${before}${tenant}${after}`),
      );
    } else if (widened && name.endsWith('.template.json')) {
      const template = join(copy, name);
      const text = await readFile(template, 'utf8');
      await writeFile(template, text.replaceAll('T#${aws:PrincipalTag/tenant}#*', 'T#*'));
    }
  }
  expect(patched).toBeGreaterThanOrEqual(astray.length);
  return copy;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'switchboard-patched-'));
  swapFile = join(directory, 'swap.json');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Stage {
  readonly test: TestRun;
  readonly north: Cast;
  readonly south: Cast;
  readonly conversationId: string;
}

async function stageOf(assemblyDirectory: string): Promise<Stage> {
  const test = await startTestRun({ assemblyDirectory });
  const north = await castOf(test, 'north');
  const south = await castOf(test, 'south');
  const conversationId = await conversationOf(test, north.alice, north.bob);
  await conversationOf(test, south.alice, south.bob);
  await test.run.settled();
  return { test, north, south, conversationId };
}

const misled = async ({ north, south }: Stage, act: () => Promise<void>): Promise<void> => {
  const tenants = { [north.alice.tenantId]: south.alice.tenantId };
  await writeFile(swapFile, JSON.stringify({ functions: astray, tenants }));
  await act();
  await rm(swapFile);
};

const requests = (conversationId: string, south: Cast): readonly (readonly [string, string, unknown?])[] => [
  ['GET', '/api/v1/users/me'],
  ['GET', '/api/v1/users'],
  ['PATCH', '/api/v1/users/me', { firstName: 'Other' }],
  ['GET', '/api/v1/conversations'],
  ['GET', `/api/v1/conversations/${conversationId}`],
  ['POST', '/api/v1/conversations', { kind: 'direct', userId: south.carol.userId }],
  ['GET', `/api/v1/conversations/${conversationId}/messages`],
  ['POST', `/api/v1/conversations/${conversationId}/messages`, { type: 'text', text: 'x', clientMessageId: ulid() }],
];

it('denies every read and write of a function that mistakes one tenant for another', async () => {
  const stage = await stageOf(await patchedAssembly(false));
  const { test, north, south, conversationId } = stage;
  try {
    const tables = new Tables(test.run);
    const socket = await connect(test, north.alice);
    expect((await socket.request('ping', {})).type).toBe('pong');
    // Without the mistake, every request succeeds, and the functions fill their caches.
    const own = requests(conversationId, north);
    for (const [method, path, body] of own) {
      const answer = await call(test.url, method, path, { token: north.alice.token, body });
      expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300);
    }
    await test.run.settled();

    const before = await tables.dump();
    test.run.recorder.clear();
    await misled(stage, async () => {
      for (const [method, path, body] of requests(conversationId, south)) {
        const answer = await call(test.url, method, path, { token: north.alice.token, body });
        expect([answer.status, answer.body?.code], `${method} ${path}`).toEqual([500, 'INTERNAL_ERROR']);
      }
      const frame = await socket.request('message.send', {
        conversationId,
        type: 'text',
        text: 'x',
        clientMessageId: ulid(),
      });
      expect([frame.type, frame.problem?.code]).toEqual(['error', 'INTERNAL_ERROR']);
      await test.run.settled();
    });
    expect(changesBetween(before, await tables.dump())).toEqual([]);
    const calls = test.run.recorder.calls().filter(({ functionName }) => astray.includes(functionName));
    expect(new Set(calls.filter(({ denial }) => denial !== undefined).map((one) => one.functionName))).toEqual(
      new Set(astray),
    );
    const data = calls.filter(({ service }) => service === 'dynamodb' || service === 'kms');
    expect(data.length).toBeGreaterThan(8);
    expect(data.filter(({ denial }) => denial === undefined)).toEqual([]);
    await socket.close();
  } finally {
    await test.stop();
  }
}, 120_000);

it('allows a function that mistakes one tenant for another when its role covers all tenants’ items', async () => {
  const stage = await stageOf(await patchedAssembly(true));
  const { test, north, south, conversationId } = stage;
  try {
    const tables = new Tables(test.run);
    const before = await tables.dump(({ pk }) => pk.includes(south.alice.tenantId));
    await misled(stage, async () => {
      for (const [method, path, body] of requests(conversationId, south)) {
        await call(test.url, method, path, { token: north.alice.token, body });
      }
      await test.run.settled();
    });
    const tablesCalls = test.run.recorder.calls().filter(({ functionName }) => astray.includes(functionName));
    expect(tablesCalls.filter(({ service, denial }) => service === 'dynamodb' && denial !== undefined)).toEqual([]);
    expect(changesBetween(before, await tables.dump(({ pk }) => pk.includes(south.alice.tenantId)))).not.toEqual([]);
  } finally {
    await test.stop();
  }
}, 120_000);
