import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { asynchronousSettings, createAsynchronousInvocations } from '../functions/asynchronous-invocations.ts';
import type { AsynchronousInvocations, Delivery } from '../functions/asynchronous-invocations.ts';
import { createFunctionHost } from '../functions/function-host.ts';
import type { LocalFunctionHost } from '../functions/function-host.ts';
import { createRecorder } from '../recorder.ts';
import { assemblyOf, functionArn, resource } from './assembly-of.ts';
import { functionDefinition } from './function-definitions.ts';
import { inProcessHost } from './in-process-host.ts';

const directories: string[] = [];
const hosts: LocalFunctionHost[] = [];

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'asynchronous-'));
  directories.push(directory);
  return directory;
}

const destination = 'arn:aws:sqs:eu-central-1:000000000000:failed';
const deadLetters = 'arn:aws:sqs:eu-central-1:000000000000:dead';

function startHost(config: object = {}, dead?: string) {
  const directory = newDirectory();
  const counter = join(directory, 'counter');
  writeFileSync(counter, '0');
  const assembly = assemblyOf([
    resource(
      'flaky',
      'AWS::Lambda::Function',
      dead === undefined ? {} : { DeadLetterConfig: { TargetArn: dead } },
      functionArn('flaky'),
    ),
    resource('config', 'AWS::Lambda::EventInvokeConfig', { FunctionName: 'flaky', Qualifier: '$LATEST', ...config }),
  ]);
  const deliveries: Delivery[] = [];
  const host = createFunctionHost({
    definitions: [functionDefinition('flaky.handler', { name: 'flaky' })],
    recorder: createRecorder(),
    endpoint: {},
    rewrite: (value) => value,
    secretAccessKey: () => 'secret',
    sessionToken: () => 'token',
    asynchronous: (invoker) =>
      createAsynchronousInvocations({
        host: invoker,
        settings: asynchronousSettings(assembly),
        journalPath: join(directory, 'journal'),
        retryDelaysMs: [1],
        deliver: async (delivery) => void deliveries.push(delivery),
      }),
  });
  hosts.push(host);
  return { host, deliveries, counter, directory, attempts: () => Number(readFileSync(counter, 'utf8')) };
}

describe('an asynchronous invocation', () => {
  it('is retried twice', async () => {
    const { host, counter, attempts, deliveries } = startHost();
    host.invokeEvent('flaky', { counter, failures: 5 }, 'test');
    await host.idle();
    expect(attempts()).toBe(3);
    expect(deliveries).toEqual([]);
    expect(host.load).toBe(0);
  });

  it('is not retried after a success', async () => {
    const { host, counter, attempts, directory } = startHost();
    host.invokeEvent('flaky', { counter, failures: 1 }, 'test');
    await host.idle();
    expect(attempts()).toBe(2);
    expect(readFileSync(join(directory, 'journal'), 'utf8')).toBe('');
  });

  it('sends its request and response to the failure destination', async () => {
    const { host, counter, attempts, deliveries } = startHost({
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: destination } },
    });
    const event = { counter, failures: 5 };
    host.invokeEvent('flaky', event, 'test');
    await host.idle();
    expect(attempts()).toBe(2);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      functionName: 'flaky',
      destinationArn: destination,
      body: {
        requestContext: {
          functionArn: `${functionArn('flaky')}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 2,
        },
        requestPayload: event,
        responseContext: { functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'failure 2' },
      },
    });
  });

  it('sends a record to the success destination', async () => {
    const { host, counter, deliveries } = startHost({ DestinationConfig: { OnSuccess: { Destination: destination } } });
    host.invokeEvent('flaky', { counter, failures: 0 }, 'test');
    await host.idle();
    expect(deliveries[0]?.body).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: 1 });
  });

  it('sends its event to the dead-letter queue', async () => {
    const { host, counter, deliveries } = startHost({ MaximumRetryAttempts: 0 }, deadLetters);
    const event = { counter, failures: 5 };
    host.invokeEvent('flaky', event, 'test');
    await host.idle();
    expect(deliveries).toEqual([
      {
        functionName: 'flaky',
        destinationArn: deadLetters,
        body: event,
        attributes: { RequestID: expect.any(String) as string, ErrorCode: 'Error', ErrorMessage: 'failure 1' },
      },
    ]);
  });

  it('accepts at most 1 MB', () => {
    const { host } = startHost();
    expect(() => host.invokeEvent('flaky', { text: 'x'.repeat(1024 * 1024) }, 'test')).toThrow(RangeError);
  });

  it('is completed by the next run if the current run is killed', async () => {
    const journalPath = join(newDirectory(), 'journal');
    const started = Promise.withResolvers<void>();
    const options = { settings: new Map(), journalPath, deliver: async () => undefined };
    const stuck = inProcessHost({
      work: () => {
        started.resolve();
        return new Promise(() => undefined);
      },
    });
    createAsynchronousInvocations({ ...options, host: stuck }).accept('work', { number: 1 }, 'test');
    await started.promise;
    // A killed process may leave an incomplete line.
    writeFileSync(journalPath, '{"accepted":{"id":"half', { flag: 'a' });
    const done = Promise.withResolvers<unknown>();
    const host = inProcessHost({ work: (event) => done.resolve(event) });
    const second: AsynchronousInvocations = createAsynchronousInvocations({ ...options, host });
    const over = new Promise<void>((resolve) => second.onOver(resolve));
    second.resume();
    expect(await done.promise).toEqual({ number: 1 });
    await over;
    second.stop();
    const third = createAsynchronousInvocations({ ...options, host });
    third.resume();
    expect(third.pending).toBe(0);
    third.stop();
  });
});
