import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint } from '../contract.ts';
import type { Fault, FaultPlan } from '../fault-plan.ts';
import { createRecorder } from '../recorder.ts';
import { loadAssembly } from '../template/assembly.ts';
import { localAddresses } from '../template/local-addresses.ts';
import { HostOfNames, synthesiseSampleAccount, temporaryDirectory } from './sample-account.ts';
import { fetchSigned } from './signed-requests.ts';

const directory = temporaryDirectory();
const assembly = loadAssembly(synthesiseSampleAccount(directory.path));
const dataDirectory = join(directory.path, 'data');
const recorder = createRecorder();
const host = new HostOfNames(assembly);
const handler = host.definitions.find((definition) => definition.name.includes('Handler'));
const environmentKey = `KEY-${handler?.name}`;
let fault: ((call: { readonly operation: string }) => Fault | undefined) | undefined;
let deliveries: number | undefined;
let isStale = false;
const faults: FaultPlan = {
  onCall: (call) => fault?.(call),
  deliveries: () => deliveries ?? 1,
  staleRead: () => isStale,
};
let endpoint: AwsEndpoint;

beforeAll(async () => {
  endpoint = await startAwsEndpoint({ assembly, dataDirectory, recorder, faults });
  endpoint.setFunctions(host);
  endpoint.setRewrite(
    localAddresses(assembly, {
      awsUrl: endpoint.url,
      publicUrl: 'http://127.0.0.1:3000',
      socketUrl: 'ws://127.0.0.1:3000/ws',
    }),
  );
});

afterEach(() => {
  fault = undefined;
  deliveries = undefined;
  isStale = false;
});

afterAll(async () => {
  await endpoint.stop();
  directory.remove();
});

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function settings(credentials?: Credentials) {
  const ofEnvironment = { accessKeyId: environmentKey, secretAccessKey: endpoint.secretAccessKey(environmentKey) };
  return { endpoint: endpoint.url, region: assembly.region, credentials: credentials ?? ofEnvironment, maxAttempts: 1 };
}

function physicalId(type: string, logicalName: string): string {
  const found = assembly.ofType(type).find((resource) => resource.logicalId.startsWith(logicalName));
  if (found === undefined) throw new Error(`There is no ${type} ${logicalName}.`);
  return found.physicalId;
}

const tableName = physicalId('AWS::DynamoDB::GlobalTable', 'Table');
const queueUrl = physicalId('AWS::SQS::Queue', 'Queue');
const busName = physicalId('AWS::Events::EventBus', 'Bus');
const topicArn = physicalId('AWS::SNS::Topic', 'Topic');
const bucketName = physicalId('AWS::S3::Bucket', 'Bucket');
const tenantRoleArn = assembly.outputs['Work']?.['TenantRoleArn'];

function item(pk: string, sk: string) {
  return { pk: { S: pk }, sk: { S: sk } };
}

async function receiveAll(url: string, atLeast: number): Promise<string[]> {
  const client = new SQSClient(settings(endpoint.ownerCredentials));
  const bodies: string[] = [];
  while (bodies.length < atLeast) {
    const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
    const { Messages: messages = [] } = await client.send(command);
    for (const { Body: body = '', ReceiptHandle: handle } of messages) {
      bodies.push(body);
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
    }
  }
  return bodies;
}

describe('DynamoDB', () => {
  it('reads the items that it wrote, and counts units of table and index without returning them', async () => {
    const client = new DynamoDBClient(settings());
    recorder.clear();
    const put = await client.send(
      new PutItemCommand({ TableName: tableName, Item: { ...item('T#one#a', '1'), owner: { S: 'ann' } } }),
    );
    const { Item: found } = await client.send(new GetItemCommand({ TableName: tableName, Key: item('T#one#a', '1') }));
    expect(put.ConsumedCapacity).toBeUndefined();
    expect(found).toEqual({ ...item('T#one#a', '1'), owner: { S: 'ann' } });
    expect(recorder.calls()).toMatchObject([
      { operation: 'PutItem', writeUnits: 2, readUnits: 0, status: 200, resource: tableName },
      {
        operation: 'GetItem',
        writeUnits: 0,
        readUnits: 0.5,
        functionName: handler?.name,
        invocationId: 'invocation-1',
      },
    ]);
  });

  it('returns consumed capacity to a caller that requests it', async () => {
    const client = new DynamoDBClient(settings());
    const answer = await client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: item('T#one#a', '1'),
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(answer.ConsumedCapacity?.CapacityUnits).toBe(1);
  });

  it('queries an index and keeps an attribute named ConsumedCapacity', async () => {
    const client = new DynamoDBClient(settings());
    const odd = {
      ...item('T#one#odd', '1'),
      owner: { S: 'bob' },
      ConsumedCapacity: { M: { x: { S: '"ConsumedCapacity":{}' } } },
    };
    await client.send(new PutItemCommand({ TableName: tableName, Item: odd }));
    const { Items: items } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'byOwner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'bob' } },
      }),
    );
    expect(items).toEqual([odd]);
  });

  it('meters a failed condition as AWS does', async () => {
    const client = new DynamoDBClient(settings());
    recorder.clear();
    const again = new PutItemCommand({
      TableName: tableName,
      Item: item('T#one#a', '1'),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(again)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: 'T#one#a' } },
    });
    expect(recorder.calls()).toMatchObject([{ error: 'ConditionalCheckFailedException', writeUnits: 1 }]);
  });

  it('authorises a transaction by the operations in it', async () => {
    const client = new DynamoDBClient(settings());
    const put = { Put: { TableName: tableName, Item: item('T#one#t', '1') } };
    const check = {
      ConditionCheck: {
        TableName: tableName,
        Key: item('T#one#none', '1'),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put, check] }));
    const remove = { Delete: { TableName: tableName, Key: item('T#one#t', '1') } };
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [remove] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:DeleteItem') as string,
    });
  });

  it('denies calls without a grant, and names caller, action and resource', async () => {
    const client = new DynamoDBClient(settings());
    const error: unknown = await client
      .send(new ScanCommand({ TableName: tableName }))
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    const roleName = handler?.roleArn.split('/').at(-1);
    expect((error as Error).message).toContain(
      `User: arn:aws:sts::000000000000:assumed-role/${roleName}/${handler?.name} is not authorized to perform: ` +
        `dynamodb:Scan on resource: arn:aws:dynamodb:eu-west-1:000000000000:table/${tableName} ` +
        'because no identity-based policy allows the dynamodb:Scan action',
    );
    expect((error as Error).message).toContain('function Work/Handler');
    const batch = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: [item('T#one#a', '1')] } } });
    await expect(client.send(batch)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('names tables and streams as the template does, and serves streams to pollers', async () => {
    const owner = new DynamoDBClient(settings(endpoint.ownerCredentials));
    const { Table: table } = await owner.send(new DescribeTableCommand({ TableName: tableName }));
    expect(table?.TableArn).toBe(`arn:aws:dynamodb:eu-west-1:000000000000:table/${tableName}`);
    const streamArn = `${table?.TableArn}/stream/2026-01-01T00:00:00.000`;
    expect(table?.LatestStreamArn).toBe(streamArn);
    const described = (await endpoint.call('dynamodbstreams', 'DescribeStream', { StreamArn: streamArn })) as {
      StreamDescription: { StreamArn: string; Shards: { ShardId: string }[] };
    };
    expect(described.StreamDescription.StreamArn).toBe(streamArn);
    const { ShardIterator: iterator } = await endpoint.call('dynamodbstreams', 'GetShardIterator', {
      StreamArn: streamArn,
      ShardId: described.StreamDescription.Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records: records } = await endpoint.call('dynamodbstreams', 'GetRecords', { ShardIterator: iterator });
    expect(records).toEqual(
      expect.arrayContaining([expect.objectContaining({ eventName: 'INSERT', awsRegion: 'eu-west-1' })]),
    );
  });

  it('deletes expired items on behalf of the service', async () => {
    const owner = new DynamoDBClient(settings(endpoint.ownerCredentials));
    const expired = { ...item('T#one#old', '1'), expiresAt: { N: String(Math.floor(Date.now() / 1000) - 60) } };
    const fresh = { ...item('T#one#new', '1'), expiresAt: { N: String(Math.floor(Date.now() / 1000) + 600) } };
    await owner.send(new PutItemCommand({ TableName: tableName, Item: expired }));
    await owner.send(new PutItemCommand({ TableName: tableName, Item: fresh }));
    expect(await endpoint.sweepExpired()).toBe(1);
    const { Items: left } = await owner.send(new ScanCommand({ TableName: tableName }));
    expect(left?.map((found) => found['pk']?.S)).toContain('T#one#new');
    expect(left?.map((found) => found['pk']?.S)).not.toContain('T#one#old');
    const records = await streamRecords();
    const removal = records.find((record) => record.eventName === 'REMOVE');
    expect(removal?.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
  });

  it('notifies pollers of writes', async () => {
    const announced: string[] = [];
    const unsubscribe = endpoint.onActivity((service, name) => announced.push(`${service} ${name}`));
    const client = new DynamoDBClient(settings());
    await client.send(new PutItemCommand({ TableName: tableName, Item: item('T#one#b', '1') }));
    await client.send(new GetItemCommand({ TableName: tableName, Key: item('T#one#b', '1') }));
    unsubscribe();
    await client.send(new PutItemCommand({ TableName: tableName, Item: item('T#one#b', '2') }));
    expect(announced).toEqual([`dynamodb ${tableName}`]);
  });
});

interface StreamRecord {
  readonly eventName: string;
  readonly userIdentity?: unknown;
}

async function streamRecords(): Promise<StreamRecord[]> {
  const streamArn = `arn:aws:dynamodb:eu-west-1:000000000000:table/${tableName}/stream/2026-01-01T00:00:00.000`;
  const described = (await endpoint.call('dynamodbstreams', 'DescribeStream', { StreamArn: streamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const { ShardIterator: iterator } = await endpoint.call('dynamodbstreams', 'GetShardIterator', {
    StreamArn: streamArn,
    ShardId: described.StreamDescription.Shards[0]?.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const { Records: records } = await endpoint.call('dynamodbstreams', 'GetRecords', { ShardIterator: iterator });
  return records as StreamRecord[];
}

describe('KMS', () => {
  const context = { tenant: 'one' };

  it('binds ciphertexts to their context', async () => {
    const client = new KMSClient(settings());
    const made = await client.send(
      new GenerateDataKeyCommand({ KeyId: 'alias/sample', KeySpec: 'AES_256', EncryptionContext: context }),
    );
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: context }),
    );
    expect(opened.Plaintext).toEqual(made.Plaintext);
    expect(made.Plaintext).toHaveLength(32);
    const owner = new KMSClient(settings(endpoint.ownerCredentials));
    const wrong = new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: { tenant: 'two' } });
    await expect(owner.send(wrong)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('evaluates the policy on the context before it decrypts', async () => {
    const client = new KMSClient(settings());
    const foreign = new GenerateDataKeyCommand({
      KeyId: 'alias/sample',
      KeySpec: 'AES_256',
      EncryptionContext: { tenant: 'two' },
    });
    await expect(client.send(foreign)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('decrypts a ciphertext that it created', async () => {
    const owner = new KMSClient(settings(endpoint.ownerCredentials));
    const { CiphertextBlob: ciphertext } = await owner.send(
      new EncryptCommand({ KeyId: 'alias/sample', Plaintext: Buffer.from('hello'), EncryptionContext: context }),
    );
    const { Plaintext: plaintext } = await owner.send(
      new DecryptCommand({ CiphertextBlob: ciphertext, EncryptionContext: context }),
    );
    expect(Buffer.from(plaintext ?? []).toString()).toBe('hello');
  });

  it('signs and verifies messages and digests', async () => {
    const client = new KMSClient(settings());
    const keyId = physicalId('AWS::KMS::Key', 'SigningKey');
    const algorithm = 'ECDSA_SHA_256' as const;
    const message = Buffer.from('to be signed');
    const digest = await crypto.subtle.digest('SHA-256', message);
    const { PublicKey: publicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    const opener = { key: Buffer.from(publicKey ?? []), format: 'der', type: 'spki' } as const;
    for (const [text, type] of [
      [message, 'RAW'],
      [new Uint8Array(digest), 'DIGEST'],
    ] as const) {
      const { Signature: signature = new Uint8Array() } = await client.send(
        new SignCommand({ KeyId: keyId, Message: text, MessageType: type, SigningAlgorithm: algorithm }),
      );
      expect(verify('sha256', message, createPublicKey(opener), signature)).toBe(true);
      for (const [again, againType] of [
        [message, 'RAW'],
        [new Uint8Array(digest), 'DIGEST'],
      ] as const) {
        const check = { KeyId: keyId, MessageType: againType, SigningAlgorithm: algorithm, Signature: signature };
        const verified = await client.send(new VerifyCommand({ ...check, Message: again }));
        expect(verified.SignatureValid).toBe(true);
      }
      const tampered = new VerifyCommand({
        KeyId: keyId,
        Message: Buffer.from('something else'),
        SigningAlgorithm: algorithm,
        Signature: signature,
      });
      await expect(client.send(tampered)).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
    }
  });

  it('rejects the use of a disabled key', async () => {
    const owner = new KMSClient(settings(endpoint.ownerCredentials));
    const input = { KeyId: 'alias/sample' };
    await owner.send(new DisableKeyCommand(input));
    const use = new EncryptCommand({ ...input, Plaintext: Buffer.from('x') });
    await expect(owner.send(use)).rejects.toMatchObject({ name: 'DisabledException' });
    const { KeyMetadata: metadata } = await owner.send(new DescribeKeyCommand(input));
    expect(metadata?.KeyState).toBe('Disabled');
    await owner.send(new EnableKeyCommand(input));
    await expect(owner.send(use)).resolves.toBeDefined();
  });

  it('stores its keys in a file that only the owner can read', () => {
    expect(statSync(join(dataDirectory, 'kms-keys.json')).mode & 0o777).toBe(0o600);
  });
});

describe('STS', () => {
  it('issues credentials with session tags, which policies evaluate', async () => {
    const sts = new STSClient(settings());
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: tenantRoleArn,
        RoleSessionName: 'session',
        Tags: [{ Key: 'tenant', Value: 'one' }],
      }),
    );
    const client = new DynamoDBClient(
      settings({
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
      }),
    );
    await client.send(new PutItemCommand({ TableName: tableName, Item: item('T#one#mine', '1') }));
    const foreign = new GetItemCommand({ TableName: tableName, Key: item('T#two#theirs', '1') });
    await expect(client.send(foreign)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(recorder.calls().at(-1)).toMatchObject({ functionName: handler?.name, error: 'AccessDeniedException' });
  });

  it('denies a role that does not trust the caller', async () => {
    const sts = new STSClient(settings());
    const other = assembly.ofType('AWS::IAM::Role').find((role) => role.arn === handler?.roleArn);
    const assume = new AssumeRoleCommand({ RoleArn: other?.arn, RoleSessionName: 'session' });
    await expect(sts.send(assume)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('identifies the caller', async () => {
    const sts = new STSClient(settings());
    const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(arn).toContain(`assumed-role/${handler?.roleArn.split('/').at(-1)}/${handler?.name}`);
  });

  it('rejects unknown access keys', async () => {
    const client = new DynamoDBClient(settings({ accessKeyId: 'AKIAFOREIGN', secretAccessKey: 'x' }));
    const get = new GetItemCommand({ TableName: tableName, Key: item('a', 'b') });
    await expect(client.send(get)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });
});

describe('SQS, SNS and EventBridge', () => {
  it('creates the template’s queues with their attributes', async () => {
    const owner = new SQSClient(settings(endpoint.ownerCredentials));
    const name = queueUrl.split('/').at(-1) ?? '';
    const { QueueUrl: url } = await owner.send(new GetQueueUrlCommand({ QueueName: name }));
    expect(url).toBe(`${endpoint.url}/000000000000/${name}`);
    const { Attributes: attributes } = await owner.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(attributes?.['VisibilityTimeout']).toBe('7');
    expect(JSON.parse(attributes?.['RedrivePolicy'] ?? '{}')).toMatchObject({ maxReceiveCount: 2 });
  });

  it('delivers a message and notifies the poller', async () => {
    const announced: string[] = [];
    const unsubscribe = endpoint.onActivity((service, name) => announced.push(`${service} ${name}`));
    const client = new SQSClient(settings());
    await client.send(
      new SendMessageCommand({ QueueUrl: queueUrl.replace(/^https:\/\/[^/]+/, endpoint.url), MessageBody: 'hello' }),
    );
    unsubscribe();
    expect(announced).toEqual([`sqs ${queueUrl.split('/').at(-1)}`]);
    expect(await receiveAll(queueUrl, 1)).toEqual(['hello']);
  });

  it('denies receiving without the permission', async () => {
    const client = new SQSClient(settings());
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('delivers a topic’s message to its queue', async () => {
    const client = new SNSClient(settings());
    await client.send(new PublishCommand({ TopicArn: topicArn, Message: 'to all' }));
    expect(await receiveAll(queueUrl, 1)).toEqual(['to all']);
  });

  it('records pushes instead of sending them', async () => {
    const owner = new SNSClient(settings(endpoint.ownerCredentials));
    const { PlatformApplicationArn } = await owner.send(
      new CreatePlatformApplicationCommand({
        Name: 'phones',
        Platform: 'GCM',
        Attributes: { PlatformCredential: '{"type":"service_account"}' },
      }),
    );
    const { EndpointArn: arn } = await owner.send(
      new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'device-token' }),
    );
    const Message = '{"default":"other","GCM":"{}"}';
    await owner.send(new PublishCommand({ TargetArn: arn, MessageStructure: 'json', Message }));
    await owner.send(new PublishCommand({ PhoneNumber: '+491700000000', Message: 'text' }));
    expect(recorder.sinks('push')).toMatchObject([
      { kind: 'push', endpointArn: arn, token: 'device-token', platform: 'GCM', message: '{}' },
      { kind: 'sms', phoneNumber: '+491700000000', message: 'text' },
    ]);
  });

  it('delivers events to the targets of matching rules', async () => {
    const client = new EventBridgeClient(settings());
    host.invoked.length = 0;
    const entry = (type: string) => ({
      EventBusName: busName,
      Source: 'sample',
      DetailType: type,
      Detail: JSON.stringify({ n: 1 }),
    });
    const sent = await client.send(
      new PutEventsCommand({ Entries: [entry('message.created'), entry('handler.wanted'), entry('other')] }),
    );
    expect(sent.FailedEntryCount).toBe(0);
    const [body] = await receiveAll(queueUrl, 1);
    expect(JSON.parse(body ?? '')).toMatchObject({
      'detail-type': 'message.created',
      source: 'sample',
      account: '000000000000',
      region: 'eu-west-1',
      detail: { n: 1 },
    });
    expect(host.invoked).toMatchObject([{ functionName: handler?.name, event: { 'detail-type': 'handler.wanted' } }]);
    expect(recorder.sinks('event').map((event) => event['detail-type'])).toEqual([
      'message.created',
      'handler.wanted',
      'other',
    ]);
  });

  it('reports each malformed entry separately', async () => {
    const client = new EventBridgeClient(settings());
    const { FailedEntryCount: failed, Entries: entries } = await client.send(
      new PutEventsCommand({
        Entries: [
          { EventBusName: busName, Source: 'sample', DetailType: 'x', Detail: '{}' },
          { EventBusName: busName, Source: 'sample', DetailType: 'x', Detail: 'no json' },
          { EventBusName: busName, Source: 'aws.s3', DetailType: 'x', Detail: '{}' },
        ],
      }),
    );
    expect(failed).toBe(2);
    expect(entries?.map((entry) => entry.ErrorCode)).toEqual([undefined, 'MalformedDetail', 'NotAuthorizedForSource']);
  });

  it('accepts at most ten entries of 1 MB in total', async () => {
    const client = new EventBridgeClient(settings());
    const entry = { EventBusName: busName, Source: 'sample', DetailType: 'x', Detail: '{}' };
    const eleven = new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry) });
    await expect(client.send(eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    const large = new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify('x'.repeat(1024 * 1024)) }] });
    await expect(client.send(large)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('delivers an event twice when the fault plan requires it', async () => {
    deliveries = 2;
    const client = new EventBridgeClient(settings());
    const entry = { EventBusName: busName, Source: 'sample', DetailType: 'message.created', Detail: '{}' };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
    const [first, second] = await receiveAll(queueUrl, 2);
    expect(first).toBe(second);
  });
});

describe('SES, Lambda, CloudFormation and @connections', () => {
  it('stores mails, which survive a restart', async () => {
    const client = new SESv2Client(settings());
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: 'Sample <no-reply@sample.example>',
        Destination: { ToAddresses: ['ann@sample.example'] },
        Content: { Simple: { Subject: { Data: 'Welcome' }, Body: { Text: { Data: 'Hello Ann' } } } },
      }),
    );
    const mail = {
      from: 'Sample <no-reply@sample.example>',
      to: ['ann@sample.example'],
      subject: 'Welcome',
      text: 'Hello Ann',
    };
    expect(recorder.sinks('mail')).toMatchObject([mail]);
    const [line] = readFileSync(join(dataDirectory, 'mails.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject(mail);
  });

  it('sends to verified addresses only in the sandbox', async () => {
    const sandboxed = await startAwsEndpoint({
      assembly,
      dataDirectory: join(directory.path, 'sandbox'),
      recorder: createRecorder(),
      mailSandbox: { verified: ['sample.example', 'ann@inbox.example'] },
    });
    try {
      const client = new SESv2Client({
        ...settings(sandboxed.ownerCredentials),
        endpoint: sandboxed.url,
      });
      const send = (to: string, from = 'no-reply@sample.example') =>
        client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [to] },
            Content: { Simple: { Subject: { Data: 'Welcome' }, Body: { Text: { Data: 'Hello' } } } },
          }),
        );
      await send('ann@inbox.example');
      for (const refused of [send('bob@inbox.example'), send('ann@inbox.example', 'us@other.example')]) {
        await expect(refused).rejects.toMatchObject({ name: 'MessageRejected' });
      }
    } finally {
      await sandboxed.stop();
    }
  });

  it('invokes functions and returns their errors', async () => {
    const owner = new LambdaClient(settings(endpoint.ownerCredentials));
    const input = { FunctionName: handler?.name ?? '', Payload: JSON.stringify({ n: 1 }) };
    const good = await owner.send(new InvokeCommand(input));
    expect(JSON.parse(Buffer.from(good.Payload ?? []).toString())).toEqual({ done: true });
    host.outcome = { kind: 'timed-out', afterMs: 3000 };
    const bad = await owner.send(new InvokeCommand(input));
    expect(bad.FunctionError).toBe('Unhandled');
    expect(Buffer.from(bad.Payload ?? []).toString()).toContain('Task timed out after 3.00 seconds');
    host.outcome = { kind: 'returned', payload: { done: true } };
    const event = await owner.send(new InvokeCommand({ ...input, InvocationType: 'Event' }));
    expect(event.StatusCode).toBe(202);
    expect(host.invoked.at(-1)).toEqual({ functionName: handler?.name, event: { n: 1 } });
  });

  it('shows stack outputs with local addresses', async () => {
    const owner = new CloudFormationClient(settings(endpoint.ownerCredentials));
    const { Stacks: stacks } = await owner.send(new DescribeStacksCommand({ StackName: 'Work' }));
    const outputs = Object.fromEntries(
      (stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue]),
    );
    expect(outputs).toMatchObject({ SiteAddress: 'http://127.0.0.1:3000', BucketName: bucketName });
    const unknown = new DescribeStacksCommand({ StackName: 'Nobody' });
    await expect(owner.send(unknown)).rejects.toMatchObject({ message: 'Stack with id Nobody does not exist' });
  });

  it('authorises and forwards posts to connections', async () => {
    const paths: string[] = [];
    endpoint.registerService('execute-api', async (request) => {
      paths.push(`${request.operation} ${request.path} ${request.body.toString()}`);
      return { status: 200, headers: {}, body: '' };
    });
    const rewrite = localAddresses(assembly, { awsUrl: endpoint.url, publicUrl: 'http://x', socketUrl: 'ws://x' });
    const apiId = assembly
      .ofType('AWS::ApiGatewayV2::Api')
      .find((api) => api.properties['ProtocolType'] === 'WEBSOCKET');
    const client = new ApiGatewayManagementApiClient({
      ...settings(),
      endpoint: rewrite(handler?.environment['MANAGEMENT_ENDPOINT'] ?? ''),
    });
    await client.send(new PostToConnectionCommand({ ConnectionId: 'abc=', Data: 'hi' }));
    expect(paths).toEqual([`PostToConnection /${apiId?.physicalId}/live/@connections/abc%3D hi`]);
    expect(recorder.calls().at(-1)).toMatchObject({
      service: 'execute-api',
      operation: 'PostToConnection',
      resource: 'abc%3D',
    });
  });
});

describe('metrics and traces', () => {
  const post = (service: string, path: string, headers: Readonly<Record<string, string>>) =>
    fetchSigned({ url: `${endpoint.url}${path}`, service, credentials: endpoint.ownerCredentials, headers });

  it.each([
    [
      'monitoring',
      '/service/GraniteServiceVersion20100801/operation/PutMetricData',
      { 'smithy-protocol': 'rpc-v2-cbor' },
    ],
    ['monitoring', '/', { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' }],
    ['xray', '/TraceSegments', {}],
    ['logs', '/', { 'x-amz-target': 'Logs_20140328.PutLogEvents' }],
  ])('accepts and drops %s %s', async (service, path, headers) => {
    expect((await post(service, path, headers)).status).toBe(200);
    expect(recorder.calls().at(-1)).toMatchObject({ service, operation: expect.stringMatching(/^Put/) as string });
  });

  it('names an unsupported service', async () => {
    const response = await post('bedrock', '/', {});
    expect([response.status, await response.text()]).toEqual([404, 'The local run has no service bedrock.']);
  });
});

describe('S3', () => {
  it('stores and serves objects, encrypted with the bucket’s key', async () => {
    const owner = new S3Client(settings(endpoint.ownerCredentials));
    const put = await owner.send(
      new PutObjectCommand({ Bucket: bucketName, Key: 'folder/a b.txt', Body: 'content', ContentType: 'text/plain' }),
    );
    expect(put.ServerSideEncryption).toBe('aws:kms');
    const got = await owner.send(new GetObjectCommand({ Bucket: bucketName, Key: 'folder/a b.txt' }));
    expect(await got.Body?.transformToString()).toBe('content');
    expect(got.ContentType).toBe('text/plain');
  });

  it('requires the permission of the key in addition to that of the bucket', async () => {
    const client = new S3Client(settings());
    const put = new PutObjectCommand({ Bucket: bucketName, Key: 'x', Body: 'y' });
    await expect(client.send(put)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('kms:GenerateDataKey') as string,
    });
  });
});

describe('the fault plan', () => {
  const put = (sk: string) => new PutItemCommand({ TableName: tableName, Item: item('T#one#fault', sk) });
  const exists = async (sk: string): Promise<boolean> => {
    const owner = new DynamoDBClient(settings(endpoint.ownerCredentials));
    const { Item: found } = await owner.send(
      new GetItemCommand({ TableName: tableName, Key: item('T#one#fault', sk), ConsistentRead: true }),
    );
    return found !== undefined;
  };

  it.each([
    ['kill-before', false, 1],
    ['kill-after', true, 1],
    ['lose-reply', true, 0],
  ] as const)('%s breaks the connection, with the effect of the call: %s', async (kind, effect, kills) => {
    const client = new DynamoDBClient(settings());
    host.killed.length = 0;
    recorder.clear();
    fault = ({ operation }) => (operation === 'PutItem' ? { kind } : undefined);
    await expect(client.send(put(kind))).rejects.toThrow();
    expect(await exists(kind)).toBe(effect);
    expect(host.killed).toEqual(Array.from({ length: kills }, () => environmentKey));
    expect(recorder.calls()[0]).toMatchObject({ operation: 'PutItem', fault: kind });
  });

  it('throttles with the service’s own error, so that the SDK retries', async () => {
    let throttled = 0;
    fault = ({ operation }) => (operation === 'PutItem' && (throttled += 1) === 1 ? { kind: 'throttle' } : undefined);
    const client = new DynamoDBClient({ ...settings(), maxAttempts: 2 });
    const answer = await client.send(put('throttled'));
    expect(answer.$metadata.attempts).toBe(2);
    fault = () => ({ kind: 'throttle' });
    await expect(new DynamoDBClient(settings()).send(put('again'))).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });

  it('answers with the error that it names', async () => {
    fault = () => ({ kind: 'status', status: 500, code: 'InternalServerError' });
    await expect(new DynamoDBClient(settings()).send(put('broken'))).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
  });

  it('fails every second entry of a batch', async () => {
    fault = ({ operation }) => (operation === 'PutEvents' ? { kind: 'partial-failure' } : undefined);
    const client = new EventBridgeClient(settings());
    const entry = { EventBusName: busName, Source: 'sample', DetailType: 'x', Detail: '{}' };
    const { FailedEntryCount: failed } = await client.send(new PutEventsCommand({ Entries: [entry, entry, entry] }));
    expect(failed).toBe(1);
  });

  it('leaves every second item of a batch write unprocessed', async () => {
    fault = ({ operation }) => (operation === 'BatchWriteItem' ? { kind: 'partial-failure' } : undefined);
    const owner = new DynamoDBClient(settings(endpoint.ownerCredentials));
    const requests = ['1', '2', '3'].map((sk) => ({ PutRequest: { Item: item('T#one#batch', sk) } }));
    const { UnprocessedItems: left } = await owner.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
    );
    expect(left).toEqual({ [tableName]: [requests[1]] });
  });

  it('shows eventually consistent readers the state before the newest write', async () => {
    const client = new DynamoDBClient(settings());
    const at = item('T#one#stale', '1');
    const write = (n: string, owner: string) =>
      client.send(new PutItemCommand({ TableName: tableName, Item: { ...at, n: { N: n }, owner: { S: owner } } }));
    const get = async (ConsistentRead: boolean) =>
      (await client.send(new GetItemCommand({ TableName: tableName, Key: at, ConsistentRead }))).Item?.['n']?.N;
    const query = async (index: string | undefined, key: string, value: string, ConsistentRead = false) => {
      const { Items: items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: '#k = :v',
          ExpressionAttributeNames: { '#k': key },
          ExpressionAttributeValues: { ':v': { S: value } },
          ...(index === undefined ? { ConsistentRead } : { IndexName: index }),
        }),
      );
      return items.map((found) => found['n']?.N);
    };
    isStale = true;
    await write('1', 'stale-a');
    expect([await get(false), await get(true)]).toEqual([undefined, '1']);
    expect([await query(undefined, 'pk', 'T#one#stale'), await query(undefined, 'pk', 'T#one#stale', true)]).toEqual([
      [],
      ['1'],
    ]);
    await write('2', 'stale-b');
    expect([await get(false), await get(true)]).toEqual(['1', '2']);
    expect(await query(undefined, 'pk', 'T#one#stale')).toEqual(['1']);
    expect(await query('byOwner', 'owner', 'stale-b')).toEqual([]);
    await write('3', 'stale-b');
    expect(await query('byOwner', 'owner', 'stale-b')).toEqual(['2']);
    isStale = false;
    expect([await get(false), ...(await query('byOwner', 'owner', 'stale-b'))]).toEqual(['3', '3']);
  });
});

describe('an event that the target’s policy denies', () => {
  it('goes to the dead-letter queue of the target', async () => {
    const isPolicy = (type: string) => type === 'AWS::Lambda::Permission';
    const shut = { ...assembly, ofType: (type: string) => (isPolicy(type) ? [] : assembly.ofType(type)) };
    const other = await startAwsEndpoint({
      assembly: shut,
      dataDirectory: join(directory.path, 'shut'),
      recorder: createRecorder(),
    });
    try {
      const entry = { EventBusName: busName, Source: 'sample', DetailType: 'handler.wanted', Detail: '{}' };
      await other.call('events', 'PutEvents', { Entries: [entry] });
      const { Messages: messages } = await other.call('sqs', 'ReceiveMessage', {
        QueueUrl: physicalId('AWS::SQS::Queue', 'DeadLetters'),
        MessageAttributeNames: ['All'],
      });
      expect(messages).toMatchObject([
        {
          Body: expect.stringContaining('handler.wanted') as string,
          MessageAttributes: {
            ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
            TARGET_ARN: { StringValue: handler?.arn },
          },
        },
      ]);
    } finally {
      await other.stop();
    }
  });
});
