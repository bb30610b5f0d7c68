import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AssumeRoleCommand } from './assume-role-command.ts';
import { AwsClient } from './aws-client.ts';
import { PutEventsCommand } from './put-events-command.ts';
import { ServiceError } from './service-error.ts';
import { DeleteConnectionCommand, PostToConnectionCommand } from './socket-commands.ts';
import { GetItemCommand, TransactWriteItemsCommand } from './table-commands.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Answer = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>] | 'break' | 'silence';

let server: Server;
let received: Received[] = [];
let answers: Answer[] = [];

beforeEach(async () => {
  received = [];
  server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const answer = answers.shift() ?? [200, '{}'];
      if (answer === 'break') incoming.socket.destroy();
      else if (answer !== 'silence') outgoing.writeHead(answer[0], answer[2]).end(answer[1]);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'own');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

const get = () => new GetItemCommand({ TableName: 'table', Key: { pk: 'a' } });
const failure = (name: string, status = 400): Answer => [status, JSON.stringify({ __type: name })];

async function errorOf(answer: Answer): Promise<ServiceError> {
  answers = [answer];
  const error: unknown = await new AwsClient().send(get()).catch((caught: unknown) => caught);
  return error instanceof ServiceError ? error : expect.unreachable();
}

describe('AwsClient', () => {
  it.each<Answer>(['break', [500, ''], [503, '<html>'], [429, '{}'], failure('ThrottlingException')])(
    'repeats a call after %j',
    async (answer) => {
      answers = [answer, answer, [200, '{"Item":{"pk":{"S":"a"}}}']];
      await expect(new AwsClient().send(get())).resolves.toEqual({ Item: { pk: 'a' } });
      expect(received).toHaveLength(3);
    },
  );

  it('throws the error of the third attempt', async () => {
    const errors: unknown[] = [];
    answers = ['break', [500, ''], failure('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')];
    const sent = new AwsClient({ onError: (error) => errors.push(error) }).send(get());
    await expect(sent).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect(received).toHaveLength(3);
    expect(errors).toEqual([expect.any(ServiceError)]);
  });

  it('makes one attempt if the error would only repeat', async () => {
    await errorOf(failure('AccessDeniedException'));
    expect(received).toHaveLength(1);
  });

  it('repeats no failure of its credentials', async () => {
    const failed = new ServiceError('sts AssumeRole', 'Throttling', 400);
    const credentials = vi.fn(() => Promise.reject(failed));
    const onError = vi.fn();
    await expect(new AwsClient({ credentials, onError }).send(get())).rejects.toBe(failed);
    expect(credentials).toHaveBeenCalledTimes(1);
    expect(onError).not.toHaveBeenCalled();
  });

  it('sends all attempts of a transaction with one token', async () => {
    const client = new AwsClient();
    answers = ['break', failure('TransactionInProgressException')];
    await client.send(new TransactWriteItemsCommand([]));
    await client.send(new TransactWriteItemsCommand([]));
    const tokens = received.map(({ body }) => (JSON.parse(body) as { ClientRequestToken: string }).ClientRequestToken);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens.slice(0, 3)).size).toBe(1);
    expect(tokens[3]).not.toBe(tokens[0]);
  });

  it('ends an attempt after two seconds, unless it has other limits', async () => {
    answers = ['silence', 'silence'];
    const startedAt = performance.now();
    await new AwsClient({ limits: { connectionTimeout: 1000, requestTimeout: 100 } }).send(get());
    expect(received).toHaveLength(3);
    answers = ['silence'];
    const othersAt = performance.now();
    await new AwsClient().send(get());
    expect(received).toHaveLength(5);
    expect(othersAt - startedAt).toBeLessThan(2000);
    expect(performance.now() - othersAt).toBeGreaterThan(1990);
  });
});

describe('an error', () => {
  it.each<readonly [Answer, string]>([
    [failure('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException'), 'ConditionalCheckFailedException'],
    [[403, '{"message":"no"}', { 'x-amzn-errortype': 'ForbiddenException:http://a.example/' }], 'ForbiddenException'],
    [[403, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>'], 'AccessDenied'],
    [[404, 'not found'], 'UnknownError'],
    [[404, '"text"'], 'UnknownError'],
  ])('has the name that the service gives it: %j', async (answer, name) => {
    expect((await errorOf(answer)).name).toBe(name);
  });

  it('has the status and the members of the answer, and a message without them', async () => {
    const body = { __type: 'ConditionalCheckFailedException', message: 'private', Item: { pk: { S: 'private' } } };
    const error = await errorOf([400, JSON.stringify(body)]);
    expect(error.$metadata).toEqual({ httpStatusCode: 400 });
    expect(error.members['Item']).toEqual({ pk: { S: 'private' } });
    expect(error.message).toBe('dynamodb GetItem failed with status 400');
  });

  it('quotes nothing of an answer that is not JSON', async () => {
    answers = [[200, 'private']];
    await expect(new AwsClient().send(get())).rejects.toThrow('dynamodb GetItem was answered without JSON');
  });
});

describe('a request', () => {
  it('is signed with the credentials of the client and carries the trace of Lambda', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'messages');
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-2-3');
    const tenant = { accessKeyId: 'tenant', secretAccessKey: 'x', sessionToken: 'token' };
    await new AwsClient().send(get());
    await new AwsClient({ credentials: () => Promise.resolve(tenant) }).send(get());
    const [own, tenants] = received.map(({ headers }) => headers);
    expect(own?.authorization).toMatch(/Credential=own\/\d{8}\/eu-central-1\/dynamodb\/aws4_request/);
    expect(own?.authorization).toContain('SignedHeaders=content-type;host;x-amz-date;x-amz-target,');
    expect(own).toMatchObject({ 'x-amzn-trace-id': 'Root=1-2-3', 'x-amz-target': 'DynamoDB_20120810.GetItem' });
    expect(tenants?.authorization).toContain('Credential=tenant/');
    expect(tenants?.['x-amz-security-token']).toBe('token');
  });

  it('has the encoded id of a connection in its path', async () => {
    const endpoint = () => `${process.env['AWS_ENDPOINT_URL']}/stage`;
    const client = new AwsClient({ endpoint });
    answers = [
      [200, ''],
      [204, ''],
    ];
    await client.send(new PostToConnectionCommand({ ConnectionId: 'a/b=', Data: Buffer.from('{"é":1}') }));
    await client.send(new DeleteConnectionCommand({ ConnectionId: 'a/b=' }));
    expect(received).toMatchObject([
      { method: 'POST', url: '/stage/@connections/a%2Fb%3D', body: '{"é":1}' },
      { method: 'DELETE', url: '/stage/@connections/a%2Fb%3D', body: '' },
    ]);
  });

  it('has times in seconds if it is for the bus', async () => {
    answers = [[200, '{"Entries":[{"EventId":"1"},{"ErrorCode":"InternalFailure"}]}']];
    const entry = { EventBusName: 'bus', Source: 's', DetailType: 't', Detail: '{}', Time: new Date(1500) };
    const { Entries } = await new AwsClient().send(new PutEventsCommand({ Entries: [entry, entry] }));
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, 'InternalFailure']);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ Entries: [{ Time: 1.5 }, {}] });
  });

  it('is a form if it is for credentials, and its answer may contain entities', async () => {
    const xml =
      '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A1</AccessKeyId>' +
      '<SecretAccessKey>s&amp;&#x2F;&#43;&quot;</SecretAccessKey><SessionToken>\n t== </SessionToken>' +
      '<Expiration>2026-11-21T08:30:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';
    answers = [
      [200, xml],
      [200, '<AssumeRoleResponse/>'],
    ];
    const command = () =>
      new AssumeRoleCommand({
        ...{ RoleArn: 'arn:a', RoleSessionName: 'n', DurationSeconds: 3600, Tags: [{ Key: 'tenant', Value: 'v' }] },
      });
    expect((await new AwsClient().send(command())).Credentials).toEqual({
      AccessKeyId: 'A1',
      SecretAccessKey: 's&/+"',
      SessionToken: 't==',
      Expiration: new Date('2026-11-21T08:30:00Z'),
    });
    expect(received[0]?.body).toBe(
      'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aa&RoleSessionName=n&DurationSeconds=3600' +
        '&Tags.member.1.Key=tenant&Tags.member.1.Value=v',
    );
    const { Credentials: nothing } = await new AwsClient().send(command());
    expect(Object.values(nothing)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
