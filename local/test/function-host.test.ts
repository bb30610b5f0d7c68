import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { FunctionDefinition, Recorder } from '../contract.ts';
import { createFunctionHost } from '../functions/function-host.ts';
import type { LocalFunctionHost } from '../functions/function-host.ts';
import type { LateWork } from '../functions/late-work.ts';
import { createRecorder } from '../recorder.ts';
import { functionDefinition } from './function-definitions.ts';

const hosts: LocalFunctionHost[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  for (const server of servers.splice(0)) server.closeAllConnections();
});

function startHost(
  definition: Partial<FunctionDefinition> = {},
  environmentsPerFunction?: number,
  clockOffsetMs = () => 0,
) {
  const recorder: Recorder = createRecorder();
  const late: LateWork[] = [];
  const host = createFunctionHost({
    definitions: [
      functionDefinition('probe.handler', { name: 'probe', ...definition }),
      functionDefinition('probe.withCallback', { name: 'callback' }),
      functionDefinition('probe.notAFunction', { name: 'wrong' }),
      functionDefinition('old-style/index.handler', { name: 'commonjs' }),
      functionDefinition('broken.handler', { name: 'broken' }),
      functionDefinition('absent.handler', { name: 'absent' }),
    ],
    recorder,
    endpoint: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'eu-central-1' },
    rewrite: (value) => value.replace('https://aws', 'http://here'),
    secretAccessKey: (accessKeyId) => `secret of ${accessKeyId}`,
    sessionToken: () => 'token',
    lateWork: (work) => void late.push(work),
    clockOffsetMs,
    ...(environmentsPerFunction === undefined ? {} : { environmentsPerFunction }),
  });
  hosts.push(host);
  return { host, recorder, late };
}

/** Answers once `together` requests wait for the same answer. */
async function meetingPlace(): Promise<{ port: number; met: () => number }> {
  const waiting: ServerResponse[] = [];
  let most = 0;
  const server = createServer((request, response) => {
    waiting.push(response);
    most = Math.max(most, waiting.length);
    const together = Number(new URL(request.url ?? '/', 'http://here').searchParams.get('together'));
    if (waiting.length >= together) for (const waiter of waiting.splice(0)) waiter.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, met: () => most };
}

describe('a recycled function', () => {
  it('serves an invocation that arrives while its last environment ends', async () => {
    const { host } = startHost({}, 1);
    await host.invoke('probe', { does: 'answer' }, 'test');
    const recycled = host.recycle('probe');
    const outcome = await host.invoke('probe', { does: 'answer' }, 'test');
    await recycled;
    expect(outcome).toMatchObject({ kind: 'returned', payload: { invocations: 1 } });
  });
});

describe('the clock of a function', () => {
  it('follows the clock of the run from invocation to invocation', async () => {
    const moved = { ms: 0 };
    const { host } = startHost({}, undefined, () => moved.ms);
    for (const ms of [0, 7_200_000, 10_800_000]) {
      moved.ms = ms;
      const outcome = await host.invoke('probe', { does: 'clock' }, 'test');
      if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
      const { now, made, epoch, is } = outcome.payload as { now: number; made: number; epoch: string; is: boolean };
      for (const time of [now, made]) expect(Math.abs(time - Date.now() - ms)).toBeLessThan(60_000);
      expect([epoch, is]).toEqual(['1970-01-01T00:00:00.000Z', true]);
    }
  });

  it('leaves an invocation its whole time', async () => {
    const { host } = startHost({}, undefined, () => 7_200_000);
    const outcome = await host.invoke('probe', { does: 'context' }, 'test');
    const { remaining } = (outcome as { payload: { remaining: number } }).payload;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThan(60_000);
  });
});

describe('an execution environment', () => {
  it('is reused for the next invocation and keeps its module’s state', async () => {
    const { host, recorder } = startHost();
    await host.invoke('probe', { does: 'answer' }, 'test');
    const second = await host.invoke('probe', { does: 'answer' }, 'test');
    expect(second).toMatchObject({ kind: 'returned', payload: { invocations: 2 } });
    expect(recorder.invocations().map(({ cold }) => cold)).toEqual([true, false]);
    expect(recorder.invocations()[0]?.initMs).toBeGreaterThan(0);
  });

  it('has the variables of Lambda, the template and the endpoint only', async () => {
    process.env['SECRET_OF_THE_HOST'] = 'must not leak';
    const { host } = startHost({ environment: { TABLE_NAME: 'chat', API: 'https://aws/api' } });
    const outcome = await host.invoke('probe', { does: 'answer' }, 'test');
    delete process.env['SECRET_OF_THE_HOST'];
    if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
    const { environment } = outcome.payload as { environment: Record<string, string> };
    expect(environment).toMatchObject({
      TABLE_NAME: 'chat',
      API: 'http://here/api',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'probe',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      _HANDLER: 'probe.handler',
    });
    for (const name of ['SECRET_OF_THE_HOST', 'HOME', 'NODE_OPTIONS', 'VITEST']) {
      expect(environment).not.toHaveProperty(name);
    }
  });

  it('is found by its access key id until it ends', async () => {
    const { host, recorder } = startHost();
    const outcome = await host.invoke('probe', { does: 'answer' }, 'test');
    if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome));
    const { environment } = outcome.payload as { environment: Record<string, string> };
    const key = environment['AWS_ACCESS_KEY_ID'] ?? '';
    expect(environment['AWS_SECRET_ACCESS_KEY']).toBe(`secret of ${key}`);
    expect(host.caller(key)).toEqual({
      functionName: 'probe',
      roleArn: 'arn:aws:iam::000000000000:role/probe',
      environmentId: recorder.invocations()[0]?.environmentId,
    });
    await host.recycle();
    expect(host.caller(key)).toBeUndefined();
  });

  it('gives the handler the context of its invocation', async () => {
    const { host } = startHost({ timeoutMs: 4_000 });
    const outcome = await host.invoke('probe', { does: 'context' }, 'test');
    expect(outcome).toMatchObject({
      payload: {
        functionName: 'probe',
        functionVersion: '$LATEST',
        memoryLimitInMB: '128',
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:probe',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
    const { remaining } = (outcome as { payload: { remaining: number } }).payload;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(4_000);
  });

  it('is frozen between invocations, timers included', async () => {
    const { host } = startHost();
    await host.invoke('probe', { does: 'leaveTimer' }, 'test');
    // During another function's cold start, a running timer would expire.
    await host.invoke('commonjs', {}, 'test');
    const outcome = await host.invoke('probe', { does: 'ticks' }, 'test');
    expect(outcome).toEqual({ kind: 'returned', payload: 0 });
  });

  it('reports a request that the handler did not await', async () => {
    const { host, recorder, late } = startHost();
    const { port } = await meetingPlace();
    await host.invoke('probe', { does: 'leaveRequest', url: `http://127.0.0.1:${port}/?together=1` }, 'test');
    expect(late).toHaveLength(1);
    expect(late[0]?.message).toContain('still under way when the invocation returned');
    expect(recorder.invocations()[0]?.logs.at(-1)).toContain('await it');
  });

  it('is replaced after recycle(), with the current code', async () => {
    const { host } = startHost();
    await host.invoke('probe', { does: 'answer' }, 'test');
    await host.recycle();
    expect(host.environmentCount('probe')).toBe(0);
    const outcome = await host.invoke('probe', { does: 'answer' }, 'test');
    expect(outcome).toMatchObject({ payload: { invocations: 1 } });
  });
});

describe('the outcome of an invocation', () => {
  it('is the returned value after JSON', async () => {
    const { host } = startHost();
    const value = { at: new Date(0), missing: undefined, list: [1, 'two', null] };
    const outcome = await host.invoke('probe', { does: 'return', value }, 'test');
    expect(outcome).toEqual({
      kind: 'returned',
      payload: { at: '1970-01-01T00:00:00.000Z', list: [1, 'two', null] },
    });
    expect(await host.invoke('probe', { does: 'nothing' }, 'test')).toEqual({ kind: 'returned', payload: null });
  });

  it('is a failure with type, message and trace when the handler throws, and keeps the environment', async () => {
    const { host, recorder } = startHost();
    const outcome = await host.invoke('probe', { does: 'fail' }, 'test');
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'TypeError', message: 'it went wrong' });
    expect(recorder.invocations()[0]?.logs.join('\n')).toContain('caused by Error: deep down');
    expect(await host.invoke('probe', { does: 'answer' }, 'test')).toMatchObject({ payload: { invocations: 2 } });
  });

  it('is a failure when a rejection is unhandled, and ends the environment', async () => {
    const { host } = startHost();
    const outcome = await host.invoke('probe', { does: 'rejectUnseen' }, 'test');
    expect(outcome).toMatchObject({ kind: 'failed', errorType: 'Runtime.UnhandledPromiseRejection' });
    expect(await host.invoke('probe', { does: 'answer' }, 'test')).toMatchObject({ payload: { invocations: 1 } });
  });

  it('is a crash when the process exits', async () => {
    const { host } = startHost();
    expect(await host.invoke('probe', { does: 'exit' }, 'test')).toEqual({
      kind: 'crashed',
      reason: 'Runtime exited: exit status 3',
    });
  });

  it('is a crash when the environment is killed', async () => {
    const { host } = startHost();
    const first = await host.invoke('probe', { does: 'answer' }, 'test');
    const { environment } = (first as { payload: { environment: Record<string, string> } }).payload;
    const hanging = host.invoke('probe', { does: 'hang' }, 'test');
    host.kill(environment['AWS_ACCESS_KEY_ID'] ?? '', 'the plan says so');
    expect(await hanging).toEqual({ kind: 'crashed', reason: 'the plan says so' });
    expect(await host.invoke('probe', { does: 'answer' }, 'test')).toMatchObject({ payload: { invocations: 1 } });
  });

  it.each(['hang', 'spin'])('is a timeout when the handler does not return (%s)', async (does) => {
    const { host, recorder } = startHost({ timeoutMs: 200 });
    expect(await host.invoke('probe', { does }, 'test')).toEqual({ kind: 'timed-out', afterMs: 200 });
    expect(recorder.invocations()[0]?.logs.at(-1)).toBe('Task timed out after 0.20 seconds');
    expect(await host.invoke('probe', { does: 'answer' }, 'test')).toMatchObject({ payload: { invocations: 1 } });
  });

  it('keeps the output of a hanging handler', async () => {
    const { host, recorder } = startHost({ timeoutMs: 300 });
    await host.invoke('probe', { does: 'hang' }, 'test');
    expect(recorder.invocations()[0]?.logs[0]).toBe('before the silence');
  });

  it.each([
    ['broken', 'Error', 'this module cannot be loaded'],
    ['absent', 'Runtime.ImportModuleError', 'Cannot find module'],
    ['wrong', 'Runtime.HandlerNotFound', 'is undefined or not exported'],
  ])('is a failure when the function cannot be loaded (%s)', async (name, errorType, message) => {
    const { host } = startHost();
    const outcome = await host.invoke(name, {}, 'test');
    expect(outcome).toMatchObject({ kind: 'failed', errorType, message: expect.stringContaining(message) as string });
  });

  it('is the returned value of a CommonJS module', async () => {
    const { host } = startHost();
    expect(await host.invoke('commonjs', {}, 'test')).toEqual({ kind: 'returned', payload: 'from CommonJS' });
  });

  it('is a failure for handlers with a callback, as in nodejs24.x', async () => {
    const { host } = startHost();
    expect(await host.invoke('callback', { value: 7 }, 'test')).toMatchObject({
      kind: 'failed',
      errorType: 'Runtime.CallbackHandlerDeprecated',
      message: expect.stringContaining('has removed support for callback-based function handlers') as string,
    });
  });

  it('is the result of a handler that receives only event and context', async () => {
    const { host } = startHost();
    const { payload } = (await host.invoke('probe', { does: 'arguments' }, 'test')) as { payload: unknown };
    expect(payload).toEqual({ count: 2, waitsForEmptyEventLoop: false });
  });

  it('is a failure when event or answer are larger than 6 MB', async () => {
    const { host } = startHost();
    const tooLarge = await host.invoke('probe', { text: 'x'.repeat(6 * 1024 * 1024) }, 'test');
    expect(tooLarge).toMatchObject({ kind: 'failed', errorType: 'RequestTooLargeException' });
    const answer = await host.invoke('probe', { does: 'large', length: 6_291_557 }, 'test');
    expect(answer).toMatchObject({ kind: 'failed', errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('is a failure for a function that does not exist', async () => {
    const { host } = startHost();
    expect(await host.invoke('nobody', {}, 'test')).toMatchObject({ errorType: 'ResourceNotFoundException' });
  });
});

describe('concurrency', () => {
  it('gives each of several concurrent invocations its own environment', async () => {
    const { host } = startHost({}, 3);
    const { port, met } = await meetingPlace();
    const all = Array.from({ length: 3 }, () => host.invoke('probe', { does: 'meet', port, together: 3 }, 'test'));
    expect(await Promise.all(all)).toEqual(Array(3).fill({ kind: 'returned', payload: 'met' }));
    expect(met()).toBe(3);
    expect(host.environmentCount('probe')).toBe(3);
  });

  it('makes invocations wait at the limit', async () => {
    const { host } = startHost({}, 2);
    const all = Array.from({ length: 9 }, (_, value) => host.invoke('probe', { does: 'return', value }, 'test'));
    const payloads = (await Promise.all(all)).map((outcome) => (outcome.kind === 'returned' ? outcome.payload : null));
    expect(payloads).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(host.environmentCount('probe')).toBeLessThanOrEqual(2);
  });

  it('rejects invocations above the reserved concurrency', async () => {
    const { host } = startHost({ reservedConcurrency: 1 });
    const [first, second] = await Promise.all([
      host.invoke('probe', { does: 'answer' }, 'test'),
      host.invoke('probe', { does: 'answer' }, 'test'),
    ]);
    expect(first.kind).toBe('returned');
    expect(second).toMatchObject({ kind: 'failed', errorType: 'TooManyRequestsException' });
  });

  it('starts one environment of each function when warmed', async () => {
    const { host, recorder } = startHost();
    await host.warm();
    await host.invoke('probe', { does: 'answer' }, 'test');
    expect(recorder.invocations()[0]?.cold).toBe(false);
  });
});

describe('the log of an invocation', () => {
  it('has standard output and error in order', async () => {
    const { host, recorder } = startHost();
    await host.invoke('probe', { does: 'log' }, 'test');
    expect(recorder.invocations()[0]?.logs).toEqual(['one', 'two', 'three']);
  });

  it('is limited in size', async () => {
    const { host, recorder } = startHost();
    await host.invoke('probe', { does: 'logMuch' }, 'test');
    const logs = recorder.invocations()[0]?.logs ?? [];
    expect(logs).toHaveLength(1_000);
    expect(logs.at(-1)).toBe('… further output was dropped');
  });
});
