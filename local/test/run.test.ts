import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalRun } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { DeploymentRefusedError } from '../deployment/deployment-problems.ts';
import { DirectoryInUseError } from '../directory-lock.ts';
import { PortTakenError } from '../edge/public-server.ts';
import { startLocalRun } from '../run.ts';
import { synthesiseFixture } from './fixture/application.ts';

let directory = '';
let assemblyDirectory = '';
let nextData = 0;
const runs: LocalRun[] = [];
const processes: ChildProcess[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'run-'));
  assemblyDirectory = await synthesiseFixture(directory);
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

afterEach(async () => {
  for (const run of runs.splice(0)) await run.stop();
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

function newDataDirectory(): string {
  nextData += 1;
  return join(directory, `data-${nextData}`);
}

async function start(options: { dataDirectory?: string; faults?: FaultPlan; port?: number } = {}) {
  const dataDirectory = options.dataDirectory ?? newDataDirectory();
  const log: string[] = [];
  const run = await startLocalRun({
    assemblyDirectory,
    dataDirectory,
    port: options.port ?? 0,
    pace: { streamDelayMs: 1, queueRetryAfterMs: 10 },
    log: (line) => void log.push(line),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
  });
  runs.push(run);
  return { run, dataDirectory, log };
}

const put = (run: Pick<LocalRun, 'url'>, id: string, text: string) =>
  fetch(`${run.url}/api/items/${id}`, { method: 'PUT', body: text, headers: { 'content-type': 'text/plain' } });
const get = (run: Pick<LocalRun, 'url'>, id: string) => fetch(`${run.url}/api/items/${id}`);

async function item(run: LocalRun, pk: string): Promise<unknown> {
  const [table] = run.assembly.ofType('AWS::DynamoDB::GlobalTable');
  const input = { TableName: table?.physicalId, Key: { pk: { S: pk } }, ConsistentRead: true };
  return (await run.aws.call('dynamodb', 'GetItem', input))['Item'];
}

async function joinRoom(run: LocalRun): Promise<{ client: WebSocket; received: () => Promise<string> }> {
  const client = new WebSocket(run.socketUrl);
  const messages: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  client.on('message', (data: Buffer) => {
    const text = data.toString();
    const waiter = waiting.shift();
    if (waiter === undefined) messages.push(text);
    else waiter(text);
  });
  await once(client, 'open');
  return {
    client,
    received: () => {
      const text = messages.shift();
      return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
    },
  };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const result = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return result;
}

function childProcesses(): string {
  return execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
}

describe('a local run', () => {
  it('serves the HTTP API with its functions and table, and the site', async () => {
    const { run } = await start();
    expect((await put(run, 'one', 'first')).status).toBe(204);
    expect(await (await get(run, 'one')).text()).toBe('first');
    expect((await get(run, 'two')).status).toBe(404);
    expect(await (await fetch(run.url)).text()).toBe('<p>fixture</p>');
    const me = await fetch(`${run.url}/api/me`, { headers: { authorization: 'user ada' } });
    expect(await me.json()).toEqual({ user: 'ada' });
    expect((await fetch(`${run.url}/api/me`, { headers: { authorization: 'nobody' } })).status).toBe(403);
    expect((await fetch(`${run.url}/api/me`)).status).toBe(401);
  });

  it('records each invocation with its calls and what they consumed', async () => {
    const { run } = await start();
    await put(run, 'one', 'first');
    const [invocation] = run.recorder.invocations();
    expect(invocation).toMatchObject({ trigger: 'PUT /api/items/{id}', cold: true, outcome: 'returned' });
    const calls = run.recorder.calls().filter(({ invocationId }) => invocationId === invocation?.id);
    expect(calls).toMatchObject([{ service: 'dynamodb', operation: 'PutItem', status: 200, writeUnits: 1 }]);
  });

  it('delivers the message of one socket to all sockets', async () => {
    const { run } = await start();
    expect(run.socketUrl).toBe(`${run.url.replace('http', 'ws')}/socket`);
    const [ada, bob] = [await joinRoom(run), await joinRoom(run)];
    ada.client.send('hello');
    expect(await Promise.all([ada.received(), bob.received()])).toEqual(['hello', 'hello']);
    ada.client.close();
    await once(ada.client, 'close');
    await run.settled();
    bob.client.send('alone');
    expect(await bob.received()).toBe('alone');
    expect(await item(run, 'ROOM')).toMatchObject({ members: { SS: [expect.any(String)] } });
    bob.client.terminate();
  });

  it('settles when a change has passed stream, bus, queue and function', async () => {
    const { run } = await start();
    for (const id of ['a', 'b', 'c']) await put(run, id, 'x');
    await run.settled();
    for (const id of ['a', 'b', 'c']) expect(await item(run, `NOTED#ITEM#${id}`)).toBeDefined();
    expect(run.recorder.sinks('event')).toHaveLength(3);
  });

  it('moves an event whose consumer always fails to the dead-letter queue', async () => {
    const { run } = await start();
    await put(run, 'poison', 'x');
    await run.settled();
    const parked = async (): Promise<number> => {
      const queues = (await (await fetch(`${run.url}/__local/api/queues`)).json()) as {
        deadLettersOf: string[];
        visible: number;
      }[];
      return queues.find(({ deadLettersOf }) => deadLettersOf.length > 0)?.visible ?? 0;
    };
    await expect.poll(parked, { timeout: 10_000, interval: 20 }).toBe(1);
    const failures = run.recorder.invocations().filter(({ outcome }) => outcome === 'failed');
    expect(failures).toHaveLength(2);
  });

  it('keeps its data after a restart', async () => {
    const first = await start();
    await put(first.run, 'kept', 'still here');
    await first.run.stop();
    const { run } = await start({ dataDirectory: first.dataDirectory });
    expect(await (await get(run, 'kept')).text()).toBe('still here');
  });

  it('rejects a template that AWS would reject, and leaves nothing behind', async () => {
    const withheld = start({ faults: { withholds: (_role, action) => action === 'dynamodb:GetRecords' } });
    await expect(withheld).rejects.toThrow(DeploymentRefusedError);
    await expect(withheld).rejects.toThrow(/is not authorized to perform: dynamodb:GetRecords on resource: .+ because/);
    expect(readdirSync(join(directory, `data-${nextData}`)).filter((name) => name.includes('lock.'))).toEqual([]);
  });

  it('reports a function that does not await its calls', async () => {
    const { run, log } = await start();
    // Freezing can interrupt an unawaited call. A later invocation completes it.
    const invoke = async (): Promise<string> => {
      await fetch(`${run.url}/api/unawaited`);
      return log.join('\n');
    };
    await expect.poll(invoke, { timeout: 10_000, interval: 1 }).toContain('await');
    expect(await (await fetch(`${run.url}/__local/api/late-work`)).json()).not.toEqual([]);
  });

  it('ends an environment before or after a call when the fault plan requires it', async () => {
    const faults: { plan?: 'kill-before' | 'kill-after' } = {};
    const { run } = await start({
      faults: {
        onCall: ({ operation }) =>
          operation === 'PutItem' && faults.plan !== undefined ? { kind: faults.plan } : undefined,
      },
    });
    faults.plan = 'kill-before';
    expect((await put(run, 'before', 'x')).status).toBe(500);
    faults.plan = 'kill-after';
    expect((await put(run, 'after', 'x')).status).toBe(500);
    delete faults.plan;
    expect((await get(run, 'before')).status).toBe(404);
    expect((await get(run, 'after')).status).toBe(200);
    const outcomes = run.recorder.invocations().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'crashed')).toHaveLength(2);
  });
});

describe('the end of a local run', () => {
  it('leaves no port, process, lock and address behind', async () => {
    const before = childProcesses();
    const { run, dataDirectory } = await start();
    await put(run, 'one', 'x');
    const about = JSON.parse(readFileSync(join(dataDirectory, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(about).toMatchObject({ url: run.url, socketUrl: run.socketUrl, awsUrl: run.aws.url, pid: process.pid });
    expect(about['credentials']).toEqual(run.aws.ownerCredentials);
    expect(statSync(join(dataDirectory, 'run.json')).mode & 0o777).toBe(0o600);
    const client = new WebSocket(run.socketUrl);
    await once(client, 'open');
    const closed = once(client, 'close');
    await run.stop();
    expect((await closed)[0]).toBe(1001);
    for (const address of [run.url, run.aws.url]) expect(await isListening(Number(new URL(address).port))).toBe(false);
    expect(existsSync(join(dataDirectory, 'run.json'))).toBe(false);
    expect(readdirSync(dataDirectory).filter((name) => name.includes('lock.'))).toEqual([]);
    expect(childProcesses().split('\n').length).toBe(before.split('\n').length);
  });

  it('can be requested twice', async () => {
    const { run } = await start();
    await Promise.all([run.stop(), run.stop()]);
    expect(await isListening(Number(new URL(run.url).port))).toBe(false);
  });

  it('loses no answered request after kill -9, and lets the next run start', async () => {
    const dataDirectory = newDataDirectory();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../start.ts'), assemblyDirectory, '--data', dataDirectory, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    processes.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const url = /http:\S+/.exec(line)?.[0] ?? '';
    for (let number = 0; number < 10; number += 1) expect((await put({ url }, `n${number}`, 'x')).status).toBe(204);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const { run } = await start({ dataDirectory });
    for (let number = 0; number < 10; number += 1) expect((await get(run, `n${number}`)).status).toBe(200);
    await run.settled();
    for (let number = 0; number < 10; number += 1) expect(await item(run, `NOTED#ITEM#n${number}`)).toBeDefined();
  });
});

describe('a local run that cannot start', () => {
  it('reports the port in use, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const dataDirectory = newDataDirectory();
    await expect(start({ port, dataDirectory })).rejects.toThrow(PortTakenError);
    other.close();
    expect(existsSync(dataDirectory)).toBe(false);
  });

  it('reports the data directory in use', async () => {
    const { run, dataDirectory } = await start();
    await expect(start({ dataDirectory })).rejects.toThrow(DirectoryInUseError);
    expect((await get(run, 'none')).status).toBe(404);
  });

  it('ignores the lock of a process that has ended', async () => {
    const { run, dataDirectory } = await start();
    await run.stop();
    // A reused process id.
    writeFileSync(join(dataDirectory, 'lock.left'), JSON.stringify({ pid: process.ppid, processStartedAt: '1' }));
    const again = await start({ dataDirectory });
    expect((await get(again.run, 'none')).status).toBe(404);
  });

  it('names the missing assembly, and releases the data directory', async () => {
    const dataDirectory = newDataDirectory();
    const failing = startLocalRun({ assemblyDirectory: join(directory, 'nothing'), dataDirectory, port: 0 });
    await expect(failing).rejects.toThrow('nothing');
    const { run } = await start({ dataDirectory });
    expect(run.url).toContain('127.0.0.1');
  });
});
