import type { Assembly, Resource } from '../contract.ts';
import { compilePolicy } from './policies.ts';
import type { Policy, PolicyDocument } from './policies.ts';

export interface RolePolicies {
  readonly policies: readonly Policy[];
  readonly boundary: Policy | undefined;
  readonly trust: Policy;
}

export interface AccountPolicies {
  role(roleArn: string): RolePolicies | undefined;
  resource(arn: string): readonly Policy[];
}

const managedPolicies: Readonly<Record<string, PolicyDocument>> = {
  AWSLambdaBasicExecutionRole: allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  AWSXRayDaemonWriteAccess: allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSampling*'),
  AWSLambdaSQSQueueExecutionRole: allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  AWSLambdaDynamoDBExecutionRole: allow(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  CloudWatchLambdaInsightsExecutionRolePolicy: allow(
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  AmazonAPIGatewayPushToCloudWatchLogs: allow('logs:*'),
};

export function accountPolicies(assembly: Assembly): AccountPolicies {
  const roles = new Map<string, RolePolicies>();
  for (const role of assembly.ofType('AWS::IAM::Role')) {
    if (role.arn !== undefined) roles.set(role.arn, rolePolicies(assembly, role));
  }
  const resources = resourcePolicies(assembly);
  return {
    role: (roleArn) => roles.get(roleArn),
    resource: (arn) => resources.get(arn) ?? [],
  };
}

function rolePolicies(assembly: Assembly, role: Resource): RolePolicies {
  const inline = (role.properties['Policies'] ?? []) as readonly { readonly PolicyDocument: PolicyDocument }[];
  const attached = [...assembly.ofType('AWS::IAM::Policy'), ...assembly.ofType('AWS::IAM::ManagedPolicy')].filter(
    (policy) => strings(policy.properties['Roles']).includes(role.physicalId),
  );
  const managed = strings(role.properties['ManagedPolicyArns']).map((arn) => managedPolicy(assembly, arn));
  const documents = [
    ...inline.map((policy) => policy.PolicyDocument),
    ...attached.map((policy) => policy.properties['PolicyDocument'] as PolicyDocument),
    ...managed,
  ];
  const boundary = role.properties['PermissionsBoundary'];
  return {
    policies: documents.map(compilePolicy),
    boundary: typeof boundary === 'string' ? compilePolicy(managedPolicy(assembly, boundary)) : undefined,
    trust: compilePolicy(role.properties['AssumeRolePolicyDocument'] as PolicyDocument | undefined),
  };
}

function managedPolicy(assembly: Assembly, arn: string): PolicyDocument | undefined {
  const own = assembly.byArn(arn)?.properties['PolicyDocument'] as PolicyDocument | undefined;
  return own ?? managedPolicies[arn.split('/').at(-1) ?? ''];
}

function resourcePolicies(assembly: Assembly): Map<string, Policy[]> {
  const result = new Map<string, Policy[]>();
  const add = (arn: string, policy: Policy): void => {
    result.set(arn, [...(result.get(arn) ?? []), policy]);
  };
  const physicalArns = new Map(
    ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket']
      .flatMap((type) => assembly.ofType(type))
      .map((resource) => [resource.physicalId, resource.arn ?? '']),
  );
  const attach = (type: string, property: string): void => {
    for (const { properties } of assembly.ofType(type)) {
      const policy = compilePolicy(properties['PolicyDocument'] as PolicyDocument);
      for (const target of strings(properties[property])) add(physicalArns.get(target) ?? target, policy);
    }
  };
  attach('AWS::SQS::QueuePolicy', 'Queues');
  attach('AWS::SNS::TopicPolicy', 'Topics');
  attach('AWS::S3::BucketPolicy', 'Bucket');
  for (const key of assembly.ofType('AWS::KMS::Key')) {
    const given = key.properties['KeyPolicy'] as PolicyDocument | undefined;
    add(key.arn ?? '', compilePolicy(given ?? defaultKeyPolicy(assembly.accountId)));
  }
  for (const permission of assembly.ofType('AWS::Lambda::Permission')) addPermission(assembly, permission, add);
  return result;
}

/** A Lambda permission is part of the function's policy. */
function addPermission(assembly: Assembly, permission: Resource, add: (arn: string, policy: Policy) => void): void {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = permission.properties;
  const named = String(FunctionName);
  const arn = named.startsWith('arn:')
    ? named
    : assembly.ofType('AWS::Lambda::Function').find((resource) => resource.physicalId === named)?.arn;
  if (arn === undefined) return;
  const principal = String(Principal);
  const conditions = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
  };
  const statement = {
    Effect: 'Allow',
    Action: String(Action),
    Resource: '*',
    Principal: principal.endsWith('.com') ? { Service: principal } : { AWS: principal },
    Condition: conditions,
  };
  add(arn, compilePolicy({ Statement: [statement] }));
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy(accountId: string): PolicyDocument {
  const account = { AWS: `arn:aws:iam::${accountId}:root` };
  return { Statement: [{ Effect: 'Allow', Principal: account, Action: 'kms:*', Resource: '*' }] };
}

function allow(...actions: string[]): PolicyDocument {
  return { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

function strings(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((entry) => String(entry));
}
