import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { Assembly, AwsEndpoint } from '../contract.ts';
import { createRecorder } from '../recorder.ts';
import type { ObjectStore } from '../services/messaging/message-stores.ts';
import { expireObjects } from '../services/s3/lifecycle.ts';
import { loadAssembly } from '../template/assembly.ts';
import { HostOfNames, temporaryDirectory, writeCode } from './sample-account.ts';

const directory = temporaryDirectory();
const recorder = createRecorder();
let assembly: Assembly;
let endpoint: AwsEndpoint;
let host: HostOfNames;

function synthesise(): string {
  const outdir = join(directory.path, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Files', { env: { region: 'eu-west-1' } });
  const bucket = new s3.Bucket(stack, 'Bucket', {
    cors: [
      {
        allowedOrigins: ['https://console.example'],
        allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.GET],
        allowedHeaders: ['content-*'],
        exposedHeaders: ['ETag'],
        maxAge: 60,
      },
    ],
  });
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('mine/sealed/*')],
      conditions: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    }),
  );
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { NumericGreaterThan: { 's3:signatureAge': 120_000 } },
    }),
  );
  new s3.Bucket(stack, 'Records', { objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(1)) });
  bucket.addLifecycleRule({ prefix: 'waiting/', expiration: Duration.days(1) });
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(writeCode(join(directory.path, 'code'))),
  });
  handler.addToRolePolicy(
    new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [bucket.arnForObjects('mine/*')] }),
  );
  app.synth();
  return outdir;
}

beforeAll(async () => {
  assembly = loadAssembly(synthesise());
  endpoint = await startAwsEndpoint({ assembly, dataDirectory: join(directory.path, 'data'), recorder });
  host = new HostOfNames(assembly);
  endpoint.setFunctions(host);
});

afterAll(async () => {
  await endpoint.stop();
  directory.remove();
});

function bucketName(): string {
  return assembly.ofType('AWS::S3::Bucket')[0]?.physicalId ?? '';
}

function handlerName(): string {
  return host.definitions.find((definition) => definition.name.includes('Handler8'))?.name ?? '';
}

function environmentCredentials() {
  const accessKeyId = `KEY-${handlerName()}`;
  return { accessKeyId, secretAccessKey: endpoint.secretAccessKey(accessKeyId) };
}

function client(
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  requestChecksumCalculation: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' = 'WHEN_SUPPORTED',
): S3Client {
  const settings = { endpoint: endpoint.url, region: 'eu-west-1', maxAttempts: 1, requestChecksumCalculation };
  return new S3Client({ ...settings, credentials });
}

async function presign(
  key: string,
  expiresIn: number,
  at = new Date(),
  query: Record<string, string> = {},
): Promise<string> {
  const signer = await client(environmentCredentials()).config.signer();
  const { hostname, port } = new URL(endpoint.url);
  const request = {
    method: 'GET',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: `/${bucketName()}/${key}`,
    query,
    headers: { host: `${hostname}:${port}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    body: undefined,
  };
  if (!('presign' in signer)) throw new Error('The signer cannot presign.');
  const signed = await (signer as { presign: (input: unknown, options: object) => Promise<typeof request> }).presign(
    { ...request, clone: () => request },
    { expiresIn, signingDate: at },
  );
  return `${endpoint.url}${signed.path}?${new URLSearchParams(signed.query).toString()}`;
}

async function put(key: string, body: string): Promise<void> {
  await client(endpoint.ownerCredentials).send(new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: body }));
}

describe('a presigned URL', () => {
  it('serves the object without credentials, with the response headers in it', async () => {
    await put('mine/a', 'content');
    const response = await fetch(
      await presign('mine/a', 60, new Date(), { 'response-content-disposition': 'attachment; filename="a b.txt"' }),
    );
    expect(await response.text()).toBe('content');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a b.txt"');
  });

  it('expires at its time', async () => {
    const response = await fetch(await presign('mine/a', 60, new Date(Date.now() - 61_000)));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Request has expired');
  });

  it('serves the signed object only', async () => {
    await put('mine/b', 'other');
    const url = await presign('mine/a', 60);
    const changed = await fetch(url.replace('/mine/a?', '/mine/b?'));
    expect(await changed.text()).toContain('SignatureDoesNotMatch');
    const longer = await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'));
    expect(longer.status).toBe(403);
  });

  it('grants no more rights than its signer has', async () => {
    await put('theirs/a', 'secret');
    const response = await fetch(await presign('theirs/a', 60));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('s3:GetObject');
  });

  it('is rejected when it is older than the bucket’s policy allows', async () => {
    const response = await fetch(await presign('mine/a', 600, new Date(Date.now() - 121_000)));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('explicit deny');
  });

  it('hides whether an object exists from signers that may not list', async () => {
    const response = await fetch(await presign('mine/never', 60));
    expect(response.status).toBe(403);
    const owner = client(endpoint.ownerCredentials).send(
      new GetObjectCommand({ Bucket: bucketName(), Key: 'mine/never' }),
    );
    await expect(owner).rejects.toThrow(expect.objectContaining({ name: 'NoSuchKey' }));
  });

  it('serves files of 50 MiB', async () => {
    const large = Buffer.alloc(50 * 1024 * 1024, 'x');
    await client(endpoint.ownerCredentials).send(
      new PutObjectCommand({ Bucket: bucketName(), Key: 'mine/large', Body: large }),
    );
    const loaded = await (await fetch(await presign('mine/large', 60))).arrayBuffer();
    expect(loaded.byteLength).toBe(large.length);
  });

  it('is required to read an object', async () => {
    const response = await fetch(`${endpoint.url}/${bucketName()}/mine/a`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('AccessDenied');
  });
});

interface Upload {
  readonly key?: string;
  readonly policyKey?: string;
  readonly body?: string;
  readonly type?: string;
  readonly expiration?: Date;
  readonly extra?: Readonly<Record<string, string>>;
  readonly secret?: string;
}

/** Exact key, exact type, 1 to 10 bytes. */
async function upload({
  key = 'mine/up',
  policyKey = 'mine/up',
  body = 'content',
  type = 'text/plain',
  expiration,
  extra,
  secret,
}: Upload) {
  const credentials = environmentCredentials();
  const credential = `${credentials.accessKeyId}/20260101/eu-west-1/s3/aws4_request`;
  const fields = {
    key: policyKey,
    'Content-Type': 'text/plain',
    'x-amz-credential': credential,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-date': '20260101T000000Z',
  };
  const policy = Buffer.from(
    JSON.stringify({
      expiration: (expiration ?? new Date(Date.now() + 60_000)).toISOString(),
      conditions: [
        { bucket: bucketName() },
        ['content-length-range', 1, 10],
        ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ],
    }),
  ).toString('base64');
  const step = (from: Buffer | string, text: string) => createHmac('sha256', from).update(text).digest();
  const signingKey = step(
    step(step(step(`AWS4${secret ?? credentials.secretAccessKey}`, '20260101'), 'eu-west-1'), 's3'),
    'aws4_request',
  );
  const form = new FormData();
  const all = {
    ...fields,
    key,
    'Content-Type': type,
    ...extra,
    policy,
    'x-amz-signature': step(signingKey, policy).toString('hex'),
  };
  for (const [name, value] of Object.entries(all)) form.append(name, value);
  form.append('file', new Blob([body]), 'file.txt');
  return fetch(`${endpoint.url}/${bucketName()}`, {
    method: 'POST',
    body: form,
    headers: { origin: 'https://console.example' },
  });
}

describe('a form upload', () => {
  it('is stored if its policy allows it', async () => {
    const response = await upload({});
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://console.example');
    const stored = await client(endpoint.ownerCredentials).send(
      new GetObjectCommand({ Bucket: bucketName(), Key: 'mine/up' }),
    );
    expect(await stored.Body?.transformToString()).toBe('content');
    expect(stored.ContentType).toBe('text/plain');
  });

  it.each([
    ['another key', { key: 'mine/other' }, 'AccessDenied'],
    ['another type', { type: 'text/html' }, 'AccessDenied'],
    ['too many bytes', { body: 'more than ten bytes' }, 'EntityTooLarge'],
    ['too few bytes', { body: '' }, 'EntityTooSmall'],
    ['a field outside the policy', { extra: { acl: 'public-read' } }, 'Extra input fields: acl'],
    ['a policy that has expired', { expiration: new Date(0) }, 'Policy expired'],
    ['a policy with another signature', { secret: 'guessed' }, 'SignatureDoesNotMatch'],
    ['a key that the bucket’s policy denies', { key: 'mine/sealed/a', policyKey: 'mine/sealed/a' }, 'explicit deny'],
  ])('is rejected with %s', async (_title, changed, problem) => {
    const response = await upload(changed);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).toContain(problem);
  });
});

describe('encryption', () => {
  it('is the one that the writer of the object requested, and is in the answer', async () => {
    await client(endpoint.ownerCredentials).send(
      new PutObjectCommand({
        Bucket: bucketName(),
        Key: 'mine/sealed/b',
        Body: 'x',
        ServerSideEncryption: 'aws:kms',
        Metadata: { own: 'yes' },
      }),
    );
    const read = await client(endpoint.ownerCredentials).send(
      new GetObjectCommand({ Bucket: bucketName(), Key: 'mine/sealed/b' }),
    );
    expect(read.ServerSideEncryption).toBe('aws:kms');
    expect(read.Metadata).toEqual({ own: 'yes' });
  });
});

describe('a bucket whose objects can be locked', () => {
  const put = (requestChecksumCalculation: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED', more = {}) => {
    const records = assembly.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.startsWith('Records'));
    return client(endpoint.ownerCredentials, requestChecksumCalculation).send(
      new PutObjectCommand({ Bucket: records?.physicalId, Key: 'a', Body: 'x', ...more }),
    );
  };

  it('rejects an object without a checksum', async () => {
    await expect(put('WHEN_REQUIRED')).rejects.toThrow(/Content-MD5 OR x-amz-checksum- HTTP header is required/);
    await expect(put('WHEN_SUPPORTED')).resolves.toHaveProperty('ETag');
    await expect(put('WHEN_REQUIRED', { ContentMD5: 'ndTkYSaMgDT1yFZOFVxnpg==' })).resolves.toHaveProperty('ETag');
  });
});

describe('a lifecycle rule', () => {
  it('deletes the objects under its prefix, at the midnight after its days', () => {
    const kept = new Map([
      ['waiting/old', new Date('2026-11-19T23:00:00Z')],
      ['waiting/young', new Date('2026-11-20T01:00:00Z')],
      ['mine/old', new Date('2026-11-01T00:00:00Z')],
    ]);
    const store = {
      listObjects: (_bucket: string, { prefix = '' }) => ({
        objects: [...kept]
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, lastModified]) => ({ key, lastModified })),
        isTruncated: false,
      }),
      deleteObject: (_bucket: string, key: string) => kept.delete(key),
    };
    const deleted = expireObjects(assembly, store as unknown as ObjectStore, Date.parse('2026-11-21T12:00:00Z'));
    expect(deleted).toBe(1);
    expect([...kept.keys()]).toEqual(['waiting/young', 'mine/old']);
  });
});

describe('CORS', () => {
  const preflight = (origin: string, method: string) =>
    fetch(`${endpoint.url}/${bucketName()}/mine/a`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type, x-other',
      },
    });

  it('answers the preflight of an allowed origin', async () => {
    const response = await preflight('https://console.example', 'POST');
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type');
    expect(response.headers.get('access-control-max-age')).toBe('60');
  });

  it.each([
    ['https://elsewhere.example', 'POST'],
    ['https://console.example', 'DELETE'],
  ])('rejects %s %s', async (origin, method) => {
    expect((await preflight(origin, method)).status).toBe(403);
  });
});

describe('a bucket', () => {
  it('lists its objects', async () => {
    const listed = await client(endpoint.ownerCredentials).send(
      new ListObjectsV2Command({ Bucket: bucketName(), Prefix: 'theirs/' }),
    );
    expect(listed.Contents?.map((entry) => entry.Key)).toContain('theirs/a');
  });
});
