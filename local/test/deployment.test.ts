import { describe, expect, it } from 'vitest';
import type { Assembly, AccessDecision, Resource } from '../contract.ts';
import { deploymentProblems } from '../deployment/deployment-problems.ts';
import { accessControl } from '../iam/access-control.ts';
import { encryptionKeys } from '../iam/encryption-access.ts';
import { assemblyOf, functionArn, region, accountId, resource } from './assembly-of.ts';

const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${accountId}:${rest}`;
const roleArn = `arn:aws:iam::${accountId}:role/projector`;
const keyArn = arn('kms', 'key/TableKey');
const tableArn = arn('dynamodb', 'table/Table');
const streamArn = `${tableArn}/stream/label`;
const queueArn = arn('sqs', 'Queue');
const topicArn = arn('sns', 'Topic');
const allow = (actions: readonly string[], resources: string | readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(Condition === undefined ? {} : { Condition }),
});
const streamRights = allow(
  ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  streamArn,
);

function problemsOf(resources: readonly Resource[]): string[] {
  const assembly: Assembly = assemblyOf(resources);
  const control = accessControl(assembly);
  return deploymentProblems(assembly, {
    encryptionKeys: encryptionKeys(assembly),
    mayRole: (role, action, target): AccessDecision =>
      control.decide({ roleArn: role, sessionName: 'local' }, { action, resource: target, lookup: () => undefined }),
    mayService: (principal, action, target, sourceArn): AccessDecision =>
      control.decideForService(principal, {
        action,
        resource: target,
        lookup: (key) => ({ 'aws:sourcearn': sourceArn, 'aws:sourceaccount': accountId })[key],
      }),
  });
}

const key = resource('TableKey', 'AWS::KMS::Key', {}, keyArn);

function reader(statements: readonly object[], more: Readonly<Record<string, unknown>> = {}, source = streamArn) {
  return [
    key,
    resource('projector', 'AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: statements } }] }, roleArn),
    resource('project', 'AWS::Lambda::Function', { Role: roleArn, Timeout: 10 }, functionArn('project')),
    resource(
      'Table',
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ SSESpecification: { KMSMasterKeyId: keyArn } }] },
      tableArn,
    ),
    resource('Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: keyArn, VisibilityTimeout: 60 }, queueArn),
    resource('Source', 'AWS::Lambda::EventSourceMapping', {
      EventSourceArn: source,
      FunctionName: 'project',
      ...more,
    }),
  ];
}

describe('an event source mapping', () => {
  it('is deployed when the function’s role may read the source and decrypt it', () => {
    expect(problemsOf(reader([streamRights, allow(['kms:Decrypt'], keyArn)]))).toEqual([]);
  });

  it.each([
    ['a stream', streamArn, [streamRights]],
    ['a queue', queueArn, [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queueArn)]],
  ])('is rejected when the role may read %s but not use its key', (_source, source, statements) => {
    expect(problemsOf(reader(statements, {}, source))).toEqual([
      `Event source mapping Source: User: arn:aws:sts::${accountId}:assumed-role/projector/local is not authorized to ` +
        `perform: kms:Decrypt on resource: ${keyArn} because no identity-based policy allows the kms:Decrypt action`,
    ]);
  });

  it('is rejected when the key’s policy excludes the role', () => {
    const closed = { Statement: [{ ...allow(['kms:*'], '*'), Principal: { Service: 'dynamodb.amazonaws.com' } }] };
    const resources = reader([streamRights, allow(['kms:Decrypt'], keyArn)]).map((resource) =>
      resource === key ? { ...key, properties: { KeyPolicy: closed } } : resource,
    );
    expect(problemsOf(resources)).toEqual([expect.stringContaining('no resource-based policy allows the kms:Decrypt')]);
  });

  it('is rejected when the role may not send to the failure destination', () => {
    const OnFailure = { Destination: queueArn };
    const more = { DestinationConfig: { OnFailure } };
    expect(problemsOf(reader([streamRights, allow(['kms:Decrypt'], keyArn)], more))).toEqual([
      expect.stringContaining('sqs:SendMessage'),
    ]);
  });

  it.each([
    [{ FilterCriteria: { Filters: Array.from({ length: 6 }, () => ({ Pattern: '{}' })) } }, 'more than 5 filters'],
    [{ FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ a: ['x'.repeat(5_000)] }) }] } }, '4096 characters'],
    [{ ParallelizationFactor: 11 }, 'parallelization factor'],
  ])('is rejected above its limits: %o', (more, expected) => {
    expect(problemsOf(reader([streamRights, allow(['kms:Decrypt'], keyArn)], more))).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('is rejected when messages become visible before the function times out', () => {
    const statements = [allow(['sqs:*'], queueArn), allow(['kms:*'], keyArn)];
    const resources = reader(statements, {}, queueArn).map((resource) =>
      resource.logicalId === 'project'
        ? { ...resource, properties: { ...resource.properties, Timeout: 61 } }
        : resource,
    );
    expect(problemsOf(resources)).toEqual([
      expect.stringContaining('Queue visibility timeout: 60 seconds is less than Function timeout: 61 seconds'),
    ]);
  });
});

describe('an alarm', () => {
  const alarm = resource(
    'High',
    'AWS::CloudWatch::Alarm',
    { AlarmActions: [topicArn], OKActions: [topicArn] },
    arn('cloudwatch', 'alarm:High'),
  );
  const topic = (properties: Readonly<Record<string, unknown>> = {}) =>
    resource('Topic', 'AWS::SNS::Topic', properties, topicArn);
  const policy = (...statements: readonly object[]) =>
    resource('Policy', 'AWS::SNS::TopicPolicy', { Topics: [topicArn], PolicyDocument: { Statement: statements } });
  const forCloudWatch = {
    ...allow(['sns:Publish'], topicArn, {
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnLike: { 'aws:SourceArn': arn('cloudwatch', 'alarm:*') },
    }),
    Principal: { Service: 'cloudwatch.amazonaws.com' },
  };
  const onlyTls = {
    Effect: 'Deny',
    Action: 'sns:Publish',
    Resource: topicArn,
    Principal: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };

  it('reaches a topic whose policy lets CloudWatch publish', () => {
    expect(problemsOf([alarm, topic(), policy(onlyTls, forCloudWatch)])).toEqual([]);
  });

  it('is rejected when the topic’s policy lets no service publish', () => {
    expect(problemsOf([alarm, topic(), policy(onlyTls)])).toEqual([
      `Alarm High: cloudwatch.amazonaws.com is not authorized to perform: sns:Publish on resource: ${topicArn} ` +
        'because no resource-based policy allows the sns:Publish action',
    ]);
  });

  it('is rejected when the policy is for alarms of another account', () => {
    const foreign = { ...forCloudWatch, Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } };
    expect(problemsOf([alarm, topic(), policy(foreign)])).toHaveLength(1);
  });

  it('is rejected when the topic’s key does not let CloudWatch encrypt', () => {
    const encrypted = topic({ KmsMasterKeyId: keyArn });
    expect(problemsOf([key, alarm, encrypted, policy(forCloudWatch)])).toEqual([
      expect.stringContaining('kms:GenerateDataKey'),
      expect.stringContaining('kms:Decrypt'),
    ]);
  });
});

describe('the check of limits', () => {
  const lambda = (properties: Readonly<Record<string, unknown>>) => resource('f', 'AWS::Lambda::Function', properties);

  it.each([
    [lambda({ Environment: { Variables: { BIG: 'x'.repeat(4_094) } } }), '4KB'],
    [lambda({ Environment: { Variables: { AWS_REGION: 'eu-west-1' } } }), 'AWS_REGION'],
    [lambda({ FunctionName: 'x'.repeat(65) }), '64 characters'],
    [lambda({ Timeout: 901 }), 'Timeout'],
    [lambda({ MemorySize: 64 }), 'MemorySize'],
    [resource('v', 'AWS::CloudFront::Function', { FunctionCode: `//${'x'.repeat(10_240)}` }), '10 KB'],
    [resource('q', 'AWS::SQS::Queue', { DelaySeconds: 901 }), 'DelaySeconds'],
    [resource('q', 'AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_601 }), 'MessageRetentionPeriod'],
    [resource('r', 'AWS::Events::Rule', { EventPattern: { source: ['x'.repeat(2_034)] } }), '2048 characters'],
    [resource('r', 'AWS::Events::Rule', { Targets: Array.from({ length: 6 }, () => ({})) }), '5 targets'],
    [resource('i', 'AWS::ApiGatewayV2::Integration', { TimeoutInMillis: 30_001 }), 'TimeoutInMillis'],
    [resource('g', 'AWS::Scheduler::ScheduleGroup', { Name: 'x'.repeat(65) }), '64 characters'],
    [
      resource('role', 'AWS::IAM::Role', {
        Policies: [{ PolicyDocument: { Statement: [allow(['s3:*'], `arn:aws:s3:::${'x'.repeat(10_240)}`)] } }],
      }),
      'Maximum policy size',
    ],
  ])('rejects values above the limits: %o', (exceeding, expected) => {
    expect(problemsOf([exceeding])).toEqual([expect.stringContaining(expected)]);
  });

  it('rejects more than 300 routes of an API, and more than 500 resources of a stack', () => {
    const api = resource('api', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' });
    const routes = (count: number) =>
      Array.from({ length: count }, (_, index) => resource(`r${index}`, 'AWS::ApiGatewayV2::Route', { ApiId: 'api' }));
    expect(problemsOf([api, ...routes(300)])).toEqual([]);
    expect(problemsOf([api, ...routes(301)])).toEqual([expect.stringContaining('301 routes')]);
    const groups = (count: number) =>
      Array.from({ length: count }, (_, index) => resource(`l${index}`, 'AWS::Logs::LogGroup', {}));
    expect(problemsOf(groups(500))).toEqual([]);
    expect(problemsOf(groups(501))).toEqual(['The stack Test has 501 resources, more than 500.']);
  });

  it('accepts values at the limits', () => {
    const within = [
      lambda({ Environment: { Variables: { BIG: 'x'.repeat(4_093) } }, Timeout: 900, MemorySize: 10_240 }),
      resource('v', 'AWS::CloudFront::Function', { FunctionCode: 'x'.repeat(10_240) }),
      resource('r', 'AWS::Events::Rule', { EventPattern: { source: ['x'.repeat(2_033)] } }),
      resource('i', 'AWS::ApiGatewayV2::Integration', { TimeoutInMillis: 30_000 }),
    ];
    expect(problemsOf(within)).toEqual([]);
  });
});
