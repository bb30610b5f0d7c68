import { describe, expect, it } from 'vitest';
import type { Assembly, Resource } from '../contract.ts';
import { accessControl, sessionPolicy } from '../iam/access-control.ts';
import type { Identity } from '../iam/access-control.ts';
import type { PolicyStatement } from '../iam/policies.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/worker`;
const otherRoleArn = `arn:aws:iam::${account}:role/other`;
const table = `arn:aws:dynamodb:eu-west-1:${account}:table/items`;
const keyArn = `arn:aws:kms:eu-west-1:${account}:key/1`;
const queueArn = `arn:aws:sqs:eu-west-1:${account}:jobs`;
const queueUrl = `https://sqs.eu-west-1.amazonaws.com/${account}/jobs`;
const functionArn = `arn:aws:lambda:eu-west-1:${account}:function:work`;

function resource(type: string, logicalId: string, physicalId: string, arn: string, properties: object): Resource {
  return { stack: 'S', type, logicalId, physicalId, arn, properties: properties as Record<string, unknown> };
}

function accountWith(statements: readonly PolicyStatement[], more: readonly Resource[] = []): Assembly {
  const role = resource('AWS::IAM::Role', 'Worker', 'worker', roleArn, {
    Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: statements } }],
  });
  const resources = [role, ...more];
  return {
    directory: '',
    region: 'eu-west-1',
    accountId: account,
    resources,
    outputs: {},
    ofType: (type) => resources.filter((entry) => entry.type === type),
    byArn: (arn) => resources.find((entry) => entry.arn === arn),
    asset: () => undefined,
  };
}

const allow = (Action: string | string[], Resource: string | string[], Condition?: object): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition: Condition as Record<string, unknown> }),
});
const deny = (Action: string | string[], Resource: string | string[], Condition?: object): PolicyStatement => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});

interface Case {
  readonly title: string;
  readonly statements: readonly PolicyStatement[];
  readonly action?: string;
  readonly resource?: string;
  readonly keys?: Readonly<Record<string, string | readonly string[]>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly allowed: boolean;
}

const leadingKeys = (operator: string, pattern: string | string[]) => ({
  [operator]: { 'dynamodb:LeadingKeys': pattern },
});

const cases: readonly Case[] = [
  { title: 'nothing granted is denied', statements: [], allowed: false },
  { title: 'an exact grant', statements: [allow('dynamodb:GetItem', table)], allowed: true },
  { title: 'another action is denied', statements: [allow('dynamodb:PutItem', table)], allowed: false },
  { title: 'another resource is denied', statements: [allow('dynamodb:GetItem', `${table}2`)], allowed: false },
  {
    title: 'a resource that only begins alike is denied',
    statements: [allow('dynamodb:GetItem', table)],
    resource: `${table}2`,
    allowed: false,
  },
  { title: 'a list of actions', statements: [allow(['dynamodb:PutItem', 'dynamodb:GetItem'], table)], allowed: true },
  { title: 'a list of resources', statements: [allow('dynamodb:GetItem', [`${table}2`, table])], allowed: true },
  { title: 'actions regardless of case', statements: [allow('DynamoDB:getitem', table)], allowed: true },
  { title: 'a star in an action', statements: [allow('dynamodb:Get*', table)], allowed: true },
  { title: 'a star in the middle of an action', statements: [allow('dynamodb:*Item', table)], allowed: true },
  { title: 'a question mark in an action', statements: [allow('dynamodb:?etItem', table)], allowed: true },
  { title: 'all actions', statements: [allow('*', '*')], allowed: true },
  { title: 'a star in a resource', statements: [allow('dynamodb:GetItem', `${table.slice(0, -2)}*`)], allowed: true },
  {
    title: 'a question mark stands for one letter only',
    statements: [allow('dynamodb:GetItem', `${table.slice(0, -2)}?`)],
    allowed: false,
  },
  {
    title: 'resources with regard to case',
    statements: [allow('dynamodb:GetItem', table.toUpperCase())],
    allowed: false,
  },
  {
    title: 'a dot is no wildcard',
    statements: [allow('s3:GetObject', 'arn:aws:s3:::a.b')],
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::axb',
    allowed: false,
  },
  {
    title: 'a table’s grant does not cover its indexes',
    statements: [allow('dynamodb:Query', table)],
    action: 'dynamodb:Query',
    resource: `${table}/index/byOwner`,
    allowed: false,
  },
  {
    title: 'an explicit deny wins over an allow',
    statements: [allow('*', '*'), deny('dynamodb:GetItem', table)],
    allowed: false,
  },
  {
    title: 'an explicit deny wins whatever the order',
    statements: [deny('dynamodb:GetItem', table), allow('*', '*')],
    allowed: false,
  },
  {
    title: 'a deny of something else does not matter',
    statements: [allow('*', '*'), deny('dynamodb:Scan', table)],
    allowed: true,
  },
  {
    title: 'NotAction allows what it does not name',
    statements: [{ Effect: 'Allow', NotAction: 'dynamodb:Scan', Resource: table }],
    allowed: true,
  },
  {
    title: 'NotAction does not allow what it names',
    statements: [{ Effect: 'Allow', NotAction: 'dynamodb:Get*', Resource: table }],
    allowed: false,
  },
  {
    title: 'NotResource allows what it does not name',
    statements: [{ Effect: 'Allow', Action: '*', NotResource: `${table}2` }],
    allowed: true,
  },
  {
    title: 'NotResource with deny spares what it names',
    statements: [allow('*', '*'), { Effect: 'Deny', Action: '*', NotResource: table }],
    allowed: true,
  },
  {
    title: 'NotResource with deny hits the rest',
    statements: [allow('*', '*'), { Effect: 'Deny', Action: '*', NotResource: `${table}2` }],
    allowed: false,
  },
  {
    title: 'StringEquals holds',
    statements: [allow('*', '*', { StringEquals: { 'a:b': 'x' } })],
    keys: { 'a:b': 'x' },
    allowed: true,
  },
  {
    title: 'StringEquals takes no wildcard',
    statements: [allow('*', '*', { StringEquals: { 'a:b': 'x*' } })],
    keys: { 'a:b': 'xy' },
    allowed: false,
  },
  {
    title: 'StringEquals fails without the key',
    statements: [allow('*', '*', { StringEquals: { 'a:b': 'x' } })],
    allowed: false,
  },
  {
    title: 'StringEqualsIfExists passes without the key',
    statements: [allow('*', '*', { StringEqualsIfExists: { 'a:b': 'x' } })],
    allowed: true,
  },
  {
    title: 'condition keys regardless of case',
    statements: [allow('*', '*', { StringEquals: { 'A:B': 'x' } })],
    keys: { 'a:b': 'x' },
    allowed: true,
  },
  {
    title: 'one of several values is enough',
    statements: [allow('*', '*', { StringEquals: { 'a:b': ['x', 'y'] } })],
    keys: { 'a:b': 'y' },
    allowed: true,
  },
  {
    title: 'all keys of a block are needed',
    statements: [allow('*', '*', { StringEquals: { 'a:b': 'x', 'a:c': 'y' } })],
    keys: { 'a:b': 'x' },
    allowed: false,
  },
  {
    title: 'all operators are needed',
    statements: [allow('*', '*', { StringEquals: { 'a:b': 'x' }, Bool: { 'aws:SecureTransport': 'false' } })],
    keys: { 'a:b': 'x' },
    allowed: false,
  },
  {
    title: 'StringNotEquals passes without the key',
    statements: [allow('*', '*', { StringNotEquals: { 'a:b': 'x' } })],
    allowed: true,
  },
  {
    title: 'StringNotEquals denies the value',
    statements: [allow('*', '*', { StringNotEquals: { 'a:b': ['x', 'y'] } })],
    keys: { 'a:b': 'y' },
    allowed: false,
  },
  {
    title: 'StringLike takes wildcards',
    statements: [allow('*', '*', { StringLike: { 'a:b': 'x*z' } })],
    keys: { 'a:b': 'xyz' },
    allowed: true,
  },
  {
    title: 'StringNotLike denies the pattern',
    statements: [allow('*', '*', { StringNotLike: { 'a:b': 'x*' } })],
    keys: { 'a:b': 'xyz' },
    allowed: false,
  },
  {
    title: 'ArnLike',
    statements: [allow('*', '*', { ArnLike: { 'aws:SourceArn': 'arn:aws:*:queue' } })],
    keys: { 'aws:sourcearn': 'arn:aws:sqs:r:1:queue' },
    allowed: true,
  },
  { title: 'Bool', statements: [allow('*', '*', { Bool: { 'aws:SecureTransport': 'true' } })], allowed: true },
  {
    title: 'a deny without TLS does not hit calls here',
    statements: [allow('*', '*'), deny('*', '*', { Bool: { 'aws:SecureTransport': 'false' } })],
    allowed: true,
  },
  {
    title: 'Null true passes without the key',
    statements: [allow('*', '*', { Null: { 'a:b': 'true' } })],
    allowed: true,
  },
  { title: 'Null false needs the key', statements: [allow('*', '*', { Null: { 'a:b': 'false' } })], allowed: false },
  {
    title: 'NumericLessThanEquals',
    statements: [allow('*', '*', { NumericLessThanEquals: { 's3:max-keys': '10' } })],
    keys: { 's3:max-keys': '10' },
    allowed: true,
  },
  {
    title: 'NumericLessThan',
    statements: [allow('*', '*', { NumericLessThan: { 's3:max-keys': '10' } })],
    keys: { 's3:max-keys': '10' },
    allowed: false,
  },
  {
    title: 'an unknown operator closes an allow',
    statements: [allow('*', '*', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } })],
    keys: { 'aws:sourceip': '1.2.3.4' },
    allowed: false,
  },
  {
    title: 'an unknown operator keeps a deny',
    statements: [allow('*', '*'), deny('*', '*', { NotIpAddress: { 'aws:SourceIp': '1.2.3.4/32' } })],
    keys: { 'aws:sourceip': '1.2.3.4' },
    allowed: false,
  },
  {
    title: 'LeadingKeys within the tenant',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#one#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one#a', 'T#one#b'] },
    allowed: true,
  },
  {
    title: 'one foreign LeadingKey is too many',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#one#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one#a', 'T#two#b'] },
    allowed: false,
  },
  {
    title: 'a twin that only begins alike is foreign',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#one#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one-more#a'] },
    allowed: false,
  },
  {
    title: 'ForAllValues passes without the key, as AWS warns',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#one#*'))],
    allowed: true,
  },
  {
    title: 'ForAllValues with a Null check fails without the key',
    statements: [
      allow('*', '*', {
        ...leadingKeys('ForAllValues:StringLike', 'T#one#*'),
        Null: { 'dynamodb:LeadingKeys': 'false' },
      }),
    ],
    allowed: false,
  },
  {
    title: 'ForAnyValue needs one',
    statements: [allow('*', '*', leadingKeys('ForAnyValue:StringEquals', ['b']))],
    keys: { 'dynamodb:leadingkeys': ['a', 'b'] },
    allowed: true,
  },
  {
    title: 'ForAnyValue fails without the key',
    statements: [allow('*', '*', leadingKeys('ForAnyValue:StringEquals', ['b']))],
    allowed: false,
  },
  {
    title: 'a principal tag in a condition',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#${aws:PrincipalTag/tenant}#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one#a'] },
    tags: { tenant: 'one' },
    allowed: true,
  },
  {
    title: 'another principal tag',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#${aws:PrincipalTag/tenant}#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one#a'] },
    tags: { tenant: 'two' },
    allowed: false,
  },
  {
    title: 'a tag that is absent matches nothing',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#${aws:PrincipalTag/tenant}#*'))],
    keys: { 'dynamodb:leadingkeys': ['T##a'] },
    allowed: false,
  },
  {
    title: 'a star in a tag is no wildcard',
    statements: [allow('*', '*', leadingKeys('ForAllValues:StringLike', 'T#${aws:PrincipalTag/tenant}#*'))],
    keys: { 'dynamodb:leadingkeys': ['T#one#a'] },
    tags: { tenant: '*' },
    allowed: false,
  },
  {
    title: 'a principal tag in a resource',
    statements: [allow('s3:GetObject', 'arn:aws:s3:::files/${aws:PrincipalTag/tenant}/*')],
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::files/one/a',
    tags: { tenant: 'one' },
    allowed: true,
  },
  {
    title: 'a principal tag compared as it stands',
    statements: [allow('*', '*', { StringEquals: { 'kms:EncryptionContext:tenant': '${aws:PrincipalTag/tenant}' } })],
    keys: { 'kms:encryptioncontext:tenant': 'one' },
    tags: { tenant: 'one' },
    allowed: true,
  },
  {
    title: 'the principal’s own tag as a key',
    statements: [allow('*', '*', { StringEquals: { 'aws:PrincipalTag/tenant': 'one' } })],
    tags: { tenant: 'one' },
    allowed: true,
  },
  {
    title: 'an escaped star is a star',
    statements: [allow('*', '*', { StringLike: { 'a:b': 'x${*}' } })],
    keys: { 'a:b': 'xy' },
    allowed: false,
  },
];

function decide(given: Case): boolean {
  const control = accessControl(accountWith(given.statements));
  const identity: Identity = {
    roleArn,
    sessionName: 'work',
    ...(given.tags === undefined ? {} : { sessionTags: given.tags }),
  };
  const keys = given.keys ?? {};
  return control.decide(identity, {
    action: given.action ?? 'dynamodb:GetItem',
    resource: given.resource ?? table,
    lookup: (key) => keys[key],
  }).allowed;
}

const worker: Identity = { roleArn, sessionName: 'work' };
const nothing = (): undefined => undefined;

describe('access control', () => {
  it.each(cases.map((entry) => [entry.title, entry] as const))('%s', (_title, entry) => {
    expect(decide(entry)).toBe(entry.allowed);
  });

  it("denies with AWS's own message", () => {
    const control = accessControl(accountWith([allow('*', '*'), deny('dynamodb:Scan', table)]));
    const scan = { action: 'dynamodb:Scan', resource: table, lookup: nothing };
    expect(control.decide(worker, scan).reason).toBe(
      `User: arn:aws:sts::${account}:assumed-role/worker/work is not authorized to perform: dynamodb:Scan on resource: ` +
        `${table} with an explicit deny in an identity-based policy`,
    );
  });

  it('evaluates attached, managed and AWS managed policies', () => {
    const document = { Statement: [allow('dynamodb:GetItem', table)] };
    const roles = { Roles: ['worker'], PolicyDocument: document };
    for (const attached of [
      resource('AWS::IAM::Policy', 'P', 'p', '', roles),
      resource('AWS::IAM::ManagedPolicy', 'M', 'm', `arn:aws:iam::${account}:policy/m`, roles),
    ]) {
      const control = accessControl(accountWith([], [attached]));
      expect(control.decide(worker, { action: 'dynamodb:GetItem', resource: table, lookup: nothing }).allowed).toBe(
        true,
      );
    }
    const role = resource('AWS::IAM::Role', 'Other', 'other', otherRoleArn, {
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    });
    const control = accessControl(accountWith([], [role]));
    const identity = { roleArn: otherRoleArn, sessionName: 'work' };
    const logs = { action: 'logs:PutLogEvents', resource: '*', lookup: nothing };
    expect(control.decide(identity, logs).allowed).toBe(true);
    expect(control.decide(identity, { ...logs, action: 'dynamodb:GetItem' }).allowed).toBe(false);
  });

  it('restricts a role by its boundary and session policy', () => {
    const boundary = resource('AWS::IAM::ManagedPolicy', 'B', 'b', `arn:aws:iam::${account}:policy/b`, {
      PolicyDocument: { Statement: [allow('dynamodb:GetItem', '*')] },
    });
    const role = resource('AWS::IAM::Role', 'Other', 'other', otherRoleArn, {
      PermissionsBoundary: boundary.arn,
      Policies: [{ PolicyDocument: { Statement: [allow('dynamodb:*', '*')] } }],
    });
    const control = accessControl(accountWith([allow('*', '*')], [boundary, role]));
    const get = { action: 'dynamodb:GetItem', resource: table, lookup: nothing };
    const put = { ...get, action: 'dynamodb:PutItem' };
    const bounded = { roleArn: otherRoleArn, sessionName: 'work' };
    expect([control.decide(bounded, get).allowed, control.decide(bounded, put).allowed]).toEqual([true, false]);
    const policy = sessionPolicy(JSON.stringify({ Statement: [allow('dynamodb:PutItem', '*')] }));
    const session = { ...worker, sessionPolicy: policy };
    expect([control.decide(session, get).allowed, control.decide(session, put).allowed]).toEqual([false, true]);
  });

  it('denies a role that does not exist', () => {
    const control = accessControl(accountWith([allow('*', '*')]));
    const request = { action: 'dynamodb:GetItem', resource: table, lookup: nothing };
    expect(control.decide({ roleArn: otherRoleArn, sessionName: 'x' }, request).allowed).toBe(false);
  });
});

describe('a resource policy', () => {
  const key = (...statements: PolicyStatement[]) =>
    resource('AWS::KMS::Key', 'Key', '1', keyArn, { KeyPolicy: { Statement: statements } });
  const toAccount = { ...allow('kms:*', '*'), Principal: { AWS: `arn:aws:iam::${account}:root` } };
  const decrypt = { action: 'kms:Decrypt', resource: keyArn, lookup: nothing };

  it.each([
    ['a key that delegates, and a role that may', [toAccount], [allow('kms:Decrypt', keyArn)], true],
    ['a key that delegates, and a role that may not', [toAccount], [], false],
    ['a key that does not delegate, and a role that may', [], [allow('kms:Decrypt', keyArn)], false],
    ['a key that names the role', [{ ...allow('kms:Decrypt', '*'), Principal: { AWS: roleArn } }], [], true],
    ['a key that names another role', [{ ...allow('kms:Decrypt', '*'), Principal: { AWS: otherRoleArn } }], [], false],
    ['a key that denies', [toAccount, { ...deny('kms:Decrypt', '*'), Principal: '*' }], [allow('*', '*')], false],
  ])('decides on %s', (_title, keyStatements, roleStatements, allowed) => {
    const control = accessControl(accountWith(roleStatements, [key(...keyStatements)]));
    expect(control.decide(worker, decrypt).allowed).toBe(allowed);
  });

  it('allows a role that a queue’s policy names, without a policy of the role', () => {
    const statement = { ...allow('sqs:SendMessage', queueArn), Principal: { AWS: roleArn } };
    const queue = resource('AWS::SQS::Queue', 'Q', queueUrl, queueArn, {});
    const policy = resource('AWS::SQS::QueuePolicy', 'P', 'p', '', {
      Queues: [queueUrl],
      PolicyDocument: { Statement: [statement] },
    });
    const control = accessControl(accountWith([], [queue, policy]));
    const send = { action: 'sqs:SendMessage', resource: queueArn, lookup: nothing };
    expect(control.decide(worker, send).allowed).toBe(true);
    expect(control.decide(worker, { ...send, action: 'sqs:ReceiveMessage' }).allowed).toBe(false);
  });

  it('allows AWS services by name and source only', () => {
    const permission = resource('AWS::Lambda::Permission', 'P', 'p', '', {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:eu-west-1:000000000000:rule/mine/*',
    });
    const control = accessControl(accountWith([], [permission]));
    const invoke = (principal: string, sourceArn: string) =>
      control.decideForService(principal, {
        action: 'lambda:InvokeFunction',
        resource: functionArn,
        lookup: (name) => (name === 'aws:sourcearn' ? sourceArn : undefined),
      }).allowed;
    expect(invoke('events.amazonaws.com', 'arn:aws:events:eu-west-1:000000000000:rule/mine/a')).toBe(true);
    expect(invoke('events.amazonaws.com', 'arn:aws:events:eu-west-1:000000000000:rule/theirs/a')).toBe(false);
    expect(invoke('sns.amazonaws.com', 'arn:aws:events:eu-west-1:000000000000:rule/mine/a')).toBe(false);
  });

  it.each([
    ['trusts the role', [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: roleArn } }], [], true],
    [
      'trusts a service',
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      [allow('sts:*', '*')],
      false,
    ],
    [
      'trusts the account, and the role may',
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: account } }],
      [allow('sts:AssumeRole', otherRoleArn)],
      true,
    ],
    [
      'trusts the account, and the role may not',
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: account } }],
      [],
      false,
    ],
  ])('%s: decides whether the role can be assumed', (_title, trust, statements, allowed) => {
    const role = resource('AWS::IAM::Role', 'Other', 'other', otherRoleArn, {
      AssumeRolePolicyDocument: { Statement: trust },
    });
    const control = accessControl(accountWith(statements, [role]));
    const assume = { action: 'sts:AssumeRole', resource: otherRoleArn, lookup: nothing };
    expect(control.decideOnRole(worker, assume).allowed).toBe(allowed);
  });
});
