import { describe, expect, it } from 'vitest';
import type { Assembly } from '../contract.ts';
import type { AccessOf, CallToJudge } from '../iam/aws-call.ts';
import { dynamoDbAccess } from '../iam/dynamodb-access.ts';
import { withEncryption } from '../iam/encryption-access.ts';
import { kmsAccess } from '../iam/kms-access.ts';
import { eventsAccess, snsAccess, sqsAccess, stsAccess } from '../iam/message-access.ts';
import { connectionsAccess, lambdaAccess, s3Access, sesAccess } from '../iam/rest-access.ts';
import { mailIdentities } from '../services/mail-identities.ts';
import type { TableInformation } from '../services/dynamodb/tables.ts';
import { assemblyOf, resource } from './assembly-of.ts';

const surroundings = { region: 'eu-west-1', accountId: '000000000000' };
const tableArn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/items';
const table: TableInformation = {
  name: 'items',
  arn: tableArn,
  partitionKey: 'pk',
  sortKey: 'sk',
  indexPartitionKeys: new Map([['byOwner', 'owner']]),
  timeToLiveAttribute: undefined,
  streams: true,
};

function call(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  more: Partial<CallToJudge> = {},
): CallToJudge {
  return { operation, input, method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, ...more };
}

function wanted(access: AccessOf, given: CallToJudge, key?: string): unknown[] {
  return access(given).requests.map((request) =>
    key === undefined
      ? `${request.action} ${request.resource}`
      : [`${request.action} ${request.resource}`, request.lookup(key)],
  );
}

function identityResource(name: string, properties: Readonly<Record<string, unknown>> = {}) {
  return resource(name, 'AWS::SES::EmailIdentity', properties);
}

describe('the rights of a DynamoDB call', () => {
  const access = dynamoDbAccess(surroundings, [table]);
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '1' } });
  const leadingKeys = 'dynamodb:leadingkeys';

  it.each([
    ['GetItem', { TableName: 'items', Key: key('a') }, [[`dynamodb:GetItem ${tableArn}`, ['a']]]],
    [
      'PutItem',
      { TableName: 'items', Item: { ...key('a'), owner: { S: 'o' } } },
      [[`dynamodb:PutItem ${tableArn}`, ['a']]],
    ],
    ['DeleteItem', { TableName: tableArn, Key: key('a') }, [[`dynamodb:DeleteItem ${tableArn}`, ['a']]]],
    [
      'Query',
      {
        TableName: 'items',
        KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
        ExpressionAttributeValues: { ':p': { S: 'a' }, ':s': { S: 'x' } },
      },
      [[`dynamodb:Query ${tableArn}`, ['a']]],
    ],
    [
      'Query',
      {
        TableName: 'items',
        IndexName: 'byOwner',
        KeyConditionExpression: ':o=#o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'ann' } },
      },
      [[`dynamodb:Query ${tableArn}/index/byOwner`, ['ann']]],
    ],
    ['Query', { TableName: 'items' }, [[`dynamodb:Query ${tableArn}`, undefined]]],
    ['Scan', { TableName: 'items' }, [[`dynamodb:Scan ${tableArn}`, undefined]]],
    [
      'BatchGetItem',
      { RequestItems: { items: { Keys: [key('a'), key('b')] } } },
      [[`dynamodb:BatchGetItem ${tableArn}`, ['a', 'b']]],
    ],
    [
      'BatchWriteItem',
      { RequestItems: { items: [{ PutRequest: { Item: key('a') } }, { DeleteRequest: { Key: key('b') } }] } },
      [[`dynamodb:BatchWriteItem ${tableArn}`, ['a', 'b']]],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'items', Item: key('a') } },
          { ConditionCheck: { TableName: 'items', Key: key('b') } },
          { Put: { TableName: 'items', Item: key('c') } },
          { Delete: { TableName: 'items', Key: key('d') } },
          { Update: { TableName: 'items', Key: key('e') } },
        ],
      },
      [
        [`dynamodb:PutItem ${tableArn}`, ['a', 'c']],
        [`dynamodb:ConditionCheckItem ${tableArn}`, ['b']],
        [`dynamodb:DeleteItem ${tableArn}`, ['d']],
        [`dynamodb:UpdateItem ${tableArn}`, ['e']],
      ],
    ],
    [
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'items', Key: key('a') } }] },
      [[`dynamodb:GetItem ${tableArn}`, ['a']]],
    ],
    [
      'ExecuteStatement',
      { Statement: 'SELECT * FROM "items" WHERE pk = ?' },
      [[`dynamodb:PartiQLSelect ${tableArn}`, undefined]],
    ],
    [
      'ExecuteStatement',
      { Statement: 'delete from items where pk = ?' },
      [[`dynamodb:PartiQLDelete ${tableArn}`, undefined]],
    ],
  ])('requires the rights of %s %j', (operation, input, expected) => {
    expect(wanted(access, call(operation, input), leadingKeys)).toEqual(expected);
  });

  it('requires the operation’s right and names its transaction', () => {
    const input = { TransactItems: [{ Put: { TableName: 'items', Item: key('a') } }] };
    expect(wanted(access, call('TransactWriteItems', input), 'dynamodb:enclosingoperation')).toEqual([
      [`dynamodb:PutItem ${tableArn}`, 'TransactWriteItems'],
    ]);
  });

  it('finds the stream of an iterator', () => {
    const iterator = Buffer.from(JSON.stringify({ table_name: 'items', position: 0 })).toString('base64');
    expect(wanted(access, call('GetRecords', { ShardIterator: iterator }))).toEqual([
      `dynamodb:GetRecords ${tableArn}/stream/2026-01-01T00:00:00.000`,
    ]);
  });
});

describe('the rights of a call on an encrypted resource', () => {
  const keyArn = 'arn:aws:kms:eu-west-1:000000000000:key/k';
  const resources = [
    { type: 'AWS::KMS::Key', physicalId: 'k', arn: keyArn, properties: {} },
    {
      type: 'AWS::DynamoDB::GlobalTable',
      physicalId: 'items',
      arn: tableArn,
      properties: { Replicas: [{ SSESpecification: { KMSMasterKeyId: 'k' } }] },
    },
  ].map((entry) => ({ ...entry, stack: 'S', logicalId: 'L' }));
  const assembly: Assembly = {
    directory: '',
    ...surroundings,
    resources,
    outputs: {},
    ofType: (type) => resources.filter((entry) => entry.type === type),
    byArn: () => undefined,
    asset: () => undefined,
  };
  const access = withEncryption('dynamodb', dynamoDbAccess(surroundings, [table]), assembly);

  it('includes the use of the key by the service, on indexes too', () => {
    const input = { TableName: 'items', IndexName: 'byOwner', KeyConditionExpression: '' };
    expect(wanted(access, call('Query', input), 'kms:viaservice')).toEqual([
      [`dynamodb:Query ${tableArn}/index/byOwner`, undefined],
      [`kms:Decrypt ${keyArn}`, 'dynamodb.eu-west-1.amazonaws.com'],
    ]);
  });

  it('excludes the key for calls that read no data', () => {
    expect(wanted(access, call('DescribeTable', { TableName: 'items' }))).toEqual([
      `dynamodb:DescribeTable ${tableArn}`,
    ]);
  });
});

describe('the rights of other calls', () => {
  it('finds the key of an alias, with context and alias', () => {
    const access = kmsAccess(surroundings, (input) => (input['KeyId'] === 'alias/a' ? 'arn:key' : undefined));
    const decrypt = call('Decrypt', { KeyId: 'alias/a', EncryptionContext: { tenant: 'one' } });
    expect(wanted(access, decrypt, 'kms:encryptioncontext:tenant')).toEqual([['kms:Decrypt arn:key', 'one']]);
    expect(wanted(access, decrypt, 'kms:encryptioncontextkeys')).toEqual([['kms:Decrypt arn:key', ['tenant']]]);
    expect(wanted(access, decrypt, 'kms:requestalias')).toEqual([['kms:Decrypt arn:key', 'alias/a']]);
    expect(wanted(access, call('CreateKey', {}))).toEqual(['kms:CreateKey *']);
  });

  it.each([
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
  ])('requires the single right of SQS %s', (operation, action) => {
    const url = 'http://127.0.0.1:1/000000000000/jobs';
    expect(wanted(sqsAccess(surroundings), call(operation, { QueueUrl: url }))).toEqual([
      `${action} arn:aws:sqs:eu-west-1:000000000000:jobs`,
    ]);
  });

  it('requires SNS rights on a topic, an endpoint and a phone', () => {
    expect(wanted(snsAccess, call('Publish', { TopicArn: 'arn:topic' }))).toEqual(['sns:Publish arn:topic']);
    expect(wanted(snsAccess, call('Publish', { TargetArn: 'arn:endpoint' }))).toEqual(['sns:Publish arn:endpoint']);
    expect(wanted(snsAccess, call('Publish', { PhoneNumber: '+49' }))).toEqual(['sns:Publish *']);
  });

  it('requires EventBridge rights once for each bus', () => {
    const entries = [{ EventBusName: 'a' }, { EventBusName: 'a' }, {}];
    expect(wanted(eventsAccess(surroundings), call('PutEvents', { Entries: entries }))).toEqual([
      'events:PutEvents arn:aws:events:eu-west-1:000000000000:event-bus/a',
      'events:PutEvents arn:aws:events:eu-west-1:000000000000:event-bus/default',
    ]);
  });

  it('requires another STS right for session tags', () => {
    const input = { RoleArn: 'arn:role', 'Tags.member.1.Key': 'tenant', 'Tags.member.1.Value': 'one' };
    expect(wanted(stsAccess, call('AssumeRole', input), 'aws:requesttag/tenant')).toEqual([
      ['sts:AssumeRole arn:role', 'one'],
      ['sts:TagSession arn:role', 'one'],
    ]);
    expect(wanted(stsAccess, call('AssumeRole', { RoleArn: 'arn:role' }))).toEqual(['sts:AssumeRole arn:role']);
  });

  it('requires the @connections right on method, stage and connection', () => {
    const given = call('DeleteConnection', {}, { method: 'DELETE', path: '/abcdefghij/live/@connections/x%3D' });
    expect(wanted(connectionsAccess(surroundings), given)).toEqual([
      'execute-api:ManageConnections arn:aws:execute-api:eu-west-1:000000000000:abcdefghij/live/DELETE/@connections/x%3D',
    ]);
  });

  it('requires SES rights on the identity that covers the sender', () => {
    const names = ['example.com', 'mail.example.com'];
    const identities = names.map((name) => identityResource(name));
    const access = sesAccess(surroundings, mailIdentities(assemblyOf(identities), undefined));
    const mail = { FromEmailAddress: 'Us <us@mail.example.com>', Destination: { ToAddresses: ['ann@example.com'] } };
    const sender = 'ses:SendEmail arn:aws:ses:eu-west-1:000000000000:identity/mail.example.com';
    expect(wanted(access, call('SendEmail', mail), 'ses:fromaddress')).toEqual([[sender, 'us@mail.example.com']]);
    expect(wanted(access, call('SendEmail', mail), 'ses:fromdisplayname')).toEqual([[sender, 'Us']]);
  });

  it('requires SES rights on the identity’s default configuration set', () => {
    const identity = identityResource('example.com', {
      ConfigurationSetAttributes: { ConfigurationSetName: 'standard' },
    });
    const access = sesAccess(surroundings, mailIdentities(assemblyOf([identity]), undefined));
    expect(wanted(access, call('SendEmail', { FromEmailAddress: 'us@example.com' }))).toEqual([
      'ses:SendEmail arn:aws:ses:eu-west-1:000000000000:identity/example.com',
      'ses:SendEmail arn:aws:ses:eu-west-1:000000000000:configuration-set/standard',
    ]);
  });

  it('requires SES rights on the recipients’ identities in the sandbox', () => {
    const sandbox = { verified: ['us@example.com', 'ann@inbox.example'] };
    const access = sesAccess(surroundings, mailIdentities(assemblyOf([]), sandbox));
    const mail = { FromEmailAddress: 'us@example.com', Destination: { ToAddresses: ['Ann <ann@inbox.example>'] } };
    expect(wanted(access, call('SendEmail', mail))).toEqual([
      'ses:SendEmail arn:aws:ses:eu-west-1:000000000000:identity/us@example.com',
      'ses:SendEmail arn:aws:ses:eu-west-1:000000000000:identity/ann@inbox.example',
    ]);
  });

  it('requires Lambda rights by name or ARN', () => {
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:work';
    for (const name of ['work', encodeURIComponent(arn)]) {
      const given = call('Invoke', {}, { path: `/2015-03-31/functions/${name}/invocations` });
      expect(wanted(lambdaAccess(surroundings), given)).toEqual([`lambda:InvokeFunction ${arn}`]);
    }
  });

  it.each([
    ['GetObject', '/files/a/b%20c', ['s3:GetObject arn:aws:s3:::files/a/b c']],
    ['HeadObject', '/files/a', ['s3:GetObject arn:aws:s3:::files/a']],
    ['UploadPart', '/files/a', ['s3:PutObject arn:aws:s3:::files/a']],
    ['ListObjectsV2', '/files', ['s3:ListBucket arn:aws:s3:::files']],
    ['ListBuckets', '/', ['s3:ListAllMyBuckets *']],
    ['CopyObject', '/files/b', ['s3:GetObject arn:aws:s3:::other/a', 's3:PutObject arn:aws:s3:::files/b']],
  ])('requires the right of S3 %s', (operation, path, expected) => {
    const headers = { 'x-amz-copy-source': '/other/a' };
    expect(wanted(s3Access, call(operation, {}, { path, headers }))).toEqual(expected);
  });

  it('passes the prefix of an S3 list to conditions', () => {
    const given = call('ListObjectsV2', {}, { path: '/files', query: new URLSearchParams('prefix=tenant/') });
    expect(wanted(s3Access, given, 's3:prefix')).toEqual([['s3:ListBucket arn:aws:s3:::files', 'tenant/']]);
  });
});
