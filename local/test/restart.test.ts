import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint } from '../contract.ts';
import { createRecorder } from '../recorder.ts';
import { startEngine } from '../services/dynamodb/engine-process.ts';
import { loadAssembly } from '../template/assembly.ts';
import { synthesiseSampleAccount, temporaryDirectory } from './sample-account.ts';

const directory = temporaryDirectory();
const assembly = loadAssembly(synthesiseSampleAccount(directory.path));
const tableName = assembly.ofType('AWS::DynamoDB::GlobalTable')[0]?.physicalId ?? '';
const bucketName = assembly.ofType('AWS::S3::Bucket')[0]?.physicalId ?? '';
const queueUrl = assembly.ofType('AWS::SQS::Queue').find((queue) => /^Queue/.test(queue.logicalId))?.physicalId ?? '';
let dataDirectory: string;
let runs = 0;
let killed: ChildProcess | undefined;
const opened: AwsEndpoint[] = [];

beforeAll(() => {
  mkdirSync(directory.path, { recursive: true });
});

afterEach(async () => {
  killed?.kill('SIGKILL');
  killed = undefined;
  await Promise.all(opened.splice(0).map((endpoint) => endpoint.stop()));
});

afterAll(() => directory.remove());

interface Reached {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

function newDataDirectory(): void {
  dataDirectory = join(directory.path, `data-${(runs += 1)}`);
}

async function startProcess(): Promise<{ process: ChildProcess; reached: Reached }> {
  const script = join(import.meta.dirname, 'endpoint-process.ts');
  const child = spawn(process.execPath, [script, assembly.directory, dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  killed = child;
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, reached: JSON.parse(line) as Reached };
}

async function startHere(): Promise<Reached & { readonly endpoint: AwsEndpoint }> {
  const endpoint = await startAwsEndpoint({ assembly, dataDirectory, recorder: createRecorder() });
  opened.push(endpoint);
  return { endpoint, url: endpoint.url, credentials: endpoint.ownerCredentials };
}

function settings({ url, credentials }: Reached) {
  return { endpoint: url, region: assembly.region, credentials };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function enginePid(): number {
  return Number(readFileSync(join(dataDirectory, 'dynamodb.pid'), 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie process does not count.
    const status = `/proc/${pid}/stat`;
    return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
  } catch {
    return false;
  }
}

const key = { pk: { S: 'a' }, sk: { S: '1' } };

async function writeEverywhere(reached: Reached): Promise<Uint8Array | undefined> {
  await new DynamoDBClient(settings(reached)).send(new PutItemCommand({ TableName: tableName, Item: key }));
  await new SQSClient(settings(reached)).send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'kept' }));
  const object = new PutObjectCommand({ Bucket: bucketName, Key: 'folder/file', Body: 'kept' });
  await new S3Client(settings(reached)).send(object);
  await new SESv2Client(settings(reached)).send(
    new SendEmailCommand({
      FromEmailAddress: 'us@sample.example',
      Destination: { ToAddresses: ['you@sample.example'] },
      Content: { Simple: { Subject: { Data: 'Kept' }, Body: { Text: { Data: 'Kept' } } } },
    }),
  );
  const encrypt = new EncryptCommand({ KeyId: 'alias/sample', Plaintext: Buffer.from('kept') });
  return (await new KMSClient(settings(reached)).send(encrypt)).CiphertextBlob;
}

async function expectEverything(reached: Reached, ciphertext: Uint8Array | undefined): Promise<void> {
  const get = new GetItemCommand({ TableName: tableName, Key: key });
  expect((await new DynamoDBClient(settings(reached)).send(get)).Item).toEqual(key);
  const { Messages: messages } = await new SQSClient(settings(reached)).send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl }),
  );
  expect(messages?.map((message) => message.Body)).toEqual(['kept']);
  const object = await new S3Client(settings(reached)).send(
    new GetObjectCommand({ Bucket: bucketName, Key: 'folder/file' }),
  );
  expect(await object.Body?.transformToString()).toBe('kept');
  const decrypted = await new KMSClient(settings(reached)).send(new DecryptCommand({ CiphertextBlob: ciphertext }));
  expect(Buffer.from(decrypted.Plaintext ?? []).toString()).toBe('kept');
}

describe('after kill -9 of its process, an endpoint', () => {
  it('starts with all accepted data, and without the earlier engine', async () => {
    newDataDirectory();
    const first = await startProcess();
    const ciphertext = await writeEverywhere(first.reached);
    const engine = enginePid();
    expect(isAlive(engine)).toBe(true);
    await kill(first.process);
    const recorder = createRecorder();
    const endpoint = await startAwsEndpoint({ assembly, dataDirectory, recorder });
    opened.push(endpoint);
    expect(isAlive(engine)).toBe(false);
    await expectEverything({ url: endpoint.url, credentials: endpoint.ownerCredentials }, ciphertext);
    expect(recorder.sinks('mail')).toMatchObject([{ subject: 'Kept' }]);
  });

  it.runIf(process.platform === 'linux')('ends an engine that lost its supervisor too', async () => {
    newDataDirectory();
    const first = await startProcess();
    const ciphertext = await writeEverywhere(first.reached);
    const engine = enginePid();
    const [, supervisor = ''] = /\) \w (\d+)/.exec(readFileSync(`/proc/${engine}/stat`, 'utf8')) ?? [];
    process.kill(Number(supervisor), 'SIGKILL');
    await kill(first.process);
    expect(isAlive(engine)).toBe(true);
    const second = await startHere();
    expect(isAlive(engine)).toBe(false);
    await expectEverything(second, ciphertext);
  });
});

describe('an endpoint', () => {
  it('stops its engine when it stops', async () => {
    newDataDirectory();
    const { endpoint } = await startHere();
    const engine = enginePid();
    await endpoint.stop();
    expect(isAlive(engine)).toBe(false);
    expect(existsSync(join(dataDirectory, 'dynamodb.pid'))).toBe(false);
  });

  it('restarts a killed engine without losing data', async () => {
    newDataDirectory();
    const reached = await startHere();
    const client = new DynamoDBClient({ ...settings(reached), maxAttempts: 10 });
    await client.send(new PutItemCommand({ TableName: tableName, Item: key }));
    process.kill(enginePid(), 'SIGKILL');
    const { Item: found } = await client.send(new GetItemCommand({ TableName: tableName, Key: key }));
    expect(found).toEqual(key);
  });

  it('uses the engine in the environment variable', async () => {
    newDataDirectory();
    const engine = await startEngine(join(directory.path, 'elsewhere'), undefined);
    process.env['DYNAMODB_ENDPOINT'] = `http://127.0.0.1:${engine.port}`;
    try {
      const reached = await startHere();
      await new DynamoDBClient(settings(reached)).send(new PutItemCommand({ TableName: tableName, Item: key }));
      expect(existsSync(join(dataDirectory, 'dynamodb.sqlite'))).toBe(false);
      expect(existsSync(join(directory.path, 'elsewhere', 'dynamodb.sqlite'))).toBe(true);
    } finally {
      delete process.env['DYNAMODB_ENDPOINT'];
      await engine.stop();
    }
  });

  it('names the missing package on a platform without an engine', async () => {
    newDataDirectory();
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'plan9' });
    const starting = startAwsEndpoint({ assembly, dataDirectory, recorder: createRecorder() });
    try {
      await expect(starting).rejects.toThrow(`npm install --no-save @dynoxide/plan9-${process.arch}`);
    } finally {
      if (platform !== undefined) Object.defineProperty(process, 'platform', platform);
    }
  });
});
