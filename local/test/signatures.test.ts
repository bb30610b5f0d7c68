import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint } from '../contract.ts';
import { protocols } from '../endpoint/protocols.ts';
import { SigningKeys } from '../endpoint/signing-keys.ts';
import { signatureOf, verifySignature } from '../endpoint/signatures.ts';
import { signingTime } from '../iam/rest-access.ts';
import { createRecorder } from '../recorder.ts';
import { loadAssembly } from '../template/assembly.ts';
import { rawRequest } from './raw-request.ts';
import { HostOfNames, synthesiseSampleAccount, temporaryDirectory } from './sample-account.ts';
import { fetchSigned, signedHeaders } from './signed-requests.ts';
import type { PlainRequest } from './signed-requests.ts';

interface Vector {
  readonly name: string;
  readonly service: string;
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const scopeOf = (service: string, date: string) => `AKIDEXAMPLE/${date}/us-east-1/${service}/aws4_request`;
const fromSuite = (
  name: string,
  method: string,
  address: string,
  signature: string,
  more: Readonly<Record<string, string>> = {},
  body = '',
): Vector => ({
  name,
  service: 'service',
  method,
  address,
  body,
  headers: {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    ...more,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${scopeOf('service', '20150830')}, ` +
      `SignedHeaders=${[...Object.keys(more), 'host', 'x-amz-date'].sort().join(';')}, Signature=${signature}`,
  },
});

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** AWS's "Signature Version 4 test suite", and the examples of S3's "Authenticating Requests". */
const vectors: readonly Vector[] = [
  fromSuite('get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  fromSuite(
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ),
  fromSuite(
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'Param1=value1',
  ),
  {
    name: 'S3 GET object',
    service: 's3',
    method: 'GET',
    address: '/test.txt',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
  },
  {
    name: 'S3 presigned URL',
    service: 's3',
    method: 'GET',
    address:
      '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    headers: { host: 'examplebucket.s3.amazonaws.com' },
  },
];

function check({ service, method, address, headers, body = '' }: Vector, change: Partial<Vector> = {}): void {
  const [rawPath = '', query = ''] = (change.address ?? address).split('?');
  const request = {
    method: change.method ?? method,
    rawPath,
    query: new URLSearchParams(query),
    headers: { ...headers, ...change.headers },
    body: Buffer.from(change.body ?? body),
  };
  const found = signatureOf(request);
  if (typeof found !== 'object') throw new Error('No signature was found.');
  const secret =
    service === 's3' ? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' : 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const protocol = protocols[service] ?? protocols['dynamodb'];
  if (protocol === undefined) throw new Error('There is no such protocol.');
  const now = signingTime(found.signedAt) + 1_000;
  verifySignature(request, found, { keys: new SigningKeys(() => secret), region: 'us-east-1', protocol, now });
}

describe('AWS’s published signatures', () => {
  it.each(vectors)('accepts $name', (vector) => {
    expect(() => check(vector)).not.toThrow();
  });

  it.each(vectors)('rejects $name when anything that it covers was changed', (vector) => {
    const changes: Partial<Vector>[] = [
      { method: 'PUT' },
      { address: `/other${vector.address}` },
      { address: `${vector.address}${vector.address.includes('?') ? '&' : '?'}more=1` },
      { headers: { host: 'elsewhere.amazonaws.com' } },
      { headers: { 'x-amz-target': 'unsigned' } },
    ];
    if (!vector.address.includes('X-Amz-Signature')) changes.push({ body: 'other' });
    for (const change of changes) expect(() => check(vector, change), JSON.stringify(change)).toThrow();
  });
});

const directory = temporaryDirectory();
const assembly = loadAssembly(synthesiseSampleAccount(directory.path));
const recorder = createRecorder();
const host = new HostOfNames(assembly);
let endpoint: AwsEndpoint;

beforeAll(async () => {
  endpoint = await startAwsEndpoint({ assembly, dataDirectory: join(directory.path, 'data'), recorder });
  endpoint.setFunctions(host);
});

afterAll(async () => {
  await endpoint.stop();
  directory.remove();
});

const functionName = (): string => host.definitions[0]?.name ?? '';

const invocation = (): PlainRequest => ({
  url: `${endpoint.url}/2015-03-31/functions/${functionName()}/invocations`,
  service: 'lambda',
  credentials: endpoint.ownerCredentials,
  body: '{"any":"thing"}',
});

function table(operation: string): PlainRequest {
  return {
    url: `${endpoint.url}/`,
    service: 'dynamodb',
    credentials: endpoint.ownerCredentials,
    headers: { 'x-amz-target': `DynamoDB_20120810.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
    body: '{}',
  };
}

async function refusal(response: Response): Promise<string> {
  expect(response.status).toBeGreaterThanOrEqual(400);
  const { __type: type } = (await response.json().catch(() => ({}))) as { __type?: string };
  return response.headers.get('x-amzn-errortype') ?? type ?? '';
}

describe('the endpoint', () => {
  it('accepts requests that the owner signed', async () => {
    expect((await fetchSigned(invocation())).status).toBe(200);
    expect((await fetchSigned(table('ListTables'))).status).toBe(200);
  });

  it('has new credentials in each run', async () => {
    const other = await startAwsEndpoint({ assembly, dataDirectory: join(directory.path, 'other'), recorder });
    try {
      expect(other.ownerCredentials.accessKeyId).not.toBe(endpoint.ownerCredentials.accessKeyId);
      expect(other.ownerCredentials.secretAccessKey).not.toBe(endpoint.ownerCredentials.secretAccessKey);
    } finally {
      await other.stop();
    }
  });

  it('rejects a credential without its signature, in headers and queries', async () => {
    const before = host.invoked.length;
    const { url, body } = invocation();
    const scope = `${endpoint.ownerCredentials.accessKeyId}/20261121/eu-west-1/lambda/aws4_request`;
    const inQuery = await fetch(`${url}?X-Amz-Credential=${scope}`, { method: 'POST', body: body ?? '' });
    expect(await refusal(inQuery)).toBe('IncompleteSignatureException');
    for (const authorization of [
      `AWS4-HMAC-SHA256 Credential=${scope}`,
      `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      `Bearer Credential=${scope}`,
    ]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization, 'x-amz-date': '20261121T000000Z' },
        body: body ?? '',
      });
      expect([400, 403]).toContain(response.status);
    }
    expect(host.invoked.length).toBe(before);
    const unsigned = await fetch(`${endpoint.url}/`, {
      method: 'POST',
      headers: { ...table('Scan').headers },
      body: '{}',
    });
    expect(await refusal(unsigned)).toBe('MissingAuthenticationTokenException');
  });

  it.each([
    ['its body', '{"other":"thing"}', {}],
    ['a signed header', '{}', { 'x-amz-target': 'DynamoDB_20120810.DeleteTable' }],
  ])('rejects a call if %s was changed after signing', async (_what, body, changed) => {
    const request = table('ListTables');
    const { host: _host, ...headers } = await signedHeaders(request);
    const response = await fetch(request.url, { method: 'POST', headers: { ...headers, ...changed }, body });
    expect(await refusal(response)).toBe('InvalidSignatureException');
  });

  it('rejects a header of AWS’s that is not signed', async () => {
    const response = await fetchSigned(table('ListTables'), (headers) => ({ ...headers, 'x-amz-late': 'x' }));
    expect(await refusal(response)).toBe('InvalidSignatureException');
  });

  it('rejects another secret, another region and another day', async () => {
    const { accessKeyId } = endpoint.ownerCredentials;
    const requests: PlainRequest[] = [
      { ...table('ListTables'), credentials: { accessKeyId, secretAccessKey: 'guessed' } },
      { ...table('ListTables'), region: 'us-east-1' },
      { ...table('ListTables'), signedAt: new Date(Date.now() - 6 * 60_000) },
      { ...table('ListTables'), signedAt: new Date(Date.now() + 6 * 60_000) },
    ];
    for (const request of requests) {
      expect(await refusal(await fetchSigned(request))).toBe('InvalidSignatureException');
    }
  });

  it('accepts a temporary key with its own session token only', async () => {
    const accessKeyId = 'ASIA0123456789ABCDEF';
    const secretAccessKey = endpoint.secretAccessKey(accessKeyId);
    const [definition] = host.definitions;
    if (definition === undefined) throw new Error('The account has no function.');
    const known = host.caller.bind(host);
    host.caller = (id) => (id === accessKeyId ? known(`KEY-${definition.name}`) : known(id));
    const call = (sessionToken?: string) =>
      fetchSigned({
        url: `${endpoint.url}/`,
        service: 'sts',
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      });
    expect((await call(endpoint.sessionToken(accessKeyId))).status).toBe(200);
    for (const token of [undefined, 'another']) {
      const response = await call(token);
      expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('InvalidClientTokenId')]);
    }
  });
});

const statusWith = async (headers: Readonly<Record<string, string>>, path = '/', method = 'POST'): Promise<number> =>
  (await rawRequest(`${endpoint.url}${path}`, headers, method)).status;

describe('a page of another site', () => {
  it('is rejected by the endpoint even with a valid signature', async () => {
    const request = { ...table('ListTables'), body: '' };
    const signed = await signedHeaders(request);
    expect(await statusWith(signed)).not.toBe(403);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host: `evil.example:${new URL(endpoint.url).port}` },
      { host: `localhost:${new URL(endpoint.url).port}` },
    ]) {
      expect(await statusWith({ ...signed, ...headers }), JSON.stringify(headers)).toBe(403);
    }
  });

  it('reaches buckets, whose CORS rules apply', async () => {
    const bucket = assembly.ofType('AWS::S3::Bucket')[0]?.physicalId ?? '';
    const preflight = (origin: string) =>
      statusWith(
        { host: new URL(endpoint.url).host, origin, 'access-control-request-method': 'POST' },
        `/${bucket}/`,
        'OPTIONS',
      );
    expect(await preflight('https://console.example')).toBe(200);
    expect(await preflight('https://evil.example')).toBe(403);
  });
});
