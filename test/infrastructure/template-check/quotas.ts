import { render, resourceOf, sizeOf } from './rendering.ts';
import { type Finding, isObject, ofType, type Stack } from './template.ts';

export interface Measure {
  readonly at: string;
  readonly amount: number;
  readonly limit: number;
  readonly unit: string;
}

type Meter = (stack: Stack, stacks: readonly Stack[]) => Iterable<Measure>;

/** Uses the quotas of a new account. */
export function* checkQuotas(stack: Stack, stacks: readonly Stack[]): Generator<Finding> {
  for (const measure of quotas.flatMap((meter) => [...meter(stack, stacks)])) {
    const { at, amount, limit, unit } = measure;
    if (amount > limit) yield { rule: 'quota', at, detail: `${amount} ${unit}, of ${limit}` };
  }
}

function ofProperty(type: string, property: string, unit: 'elements' | 'bytes', limit: number): Meter {
  return function* (stack, stacks) {
    for (const [id, { Properties }] of ofType(stack, type)) {
      const value = property
        .split('.')
        .reduce<unknown>(
          (owner, step) => (isObject(owner) ? owner[step] : undefined),
          render(Properties, stack, stacks),
        );
      const amount =
        unit === 'bytes' ? sizeOf(value) : isObject(value) ? Object.keys(value).length : [value ?? []].flat().length;
      yield { at: `${stack.name}/${id}.${property}`, amount, limit, unit };
    }
  };
}

function perOwner(type: string, property: string, limit: number): Meter {
  return function* (stack, stacks) {
    const counts = new Map<string, number>();
    for (const other of stacks) {
      for (const [, { Properties = {} }] of ofType(other, type)) {
        const owner = resourceOf(Properties[property], other, stacks);
        if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
    }
    for (const [at, amount] of counts) {
      if (at.startsWith(`${stack.name}/`)) yield { at, amount, limit, unit: type };
    }
  };
}

/** IAM does not count white space, and rendering adds none. */
const inlinePolicies: Meter = function* (stack, stacks) {
  const sizes = new Map<string, number>();
  const add = (role: string | undefined, documents: readonly unknown[]) => {
    if (role !== undefined)
      sizes.set(role, (sizes.get(role) ?? 0) + documents.reduce<number>((sum, document) => sum + sizeOf(document), 0));
  };
  for (const other of stacks) {
    for (const [id, { Properties }] of ofType(other, 'AWS::IAM::Role')) {
      const policies = render(Properties?.['Policies'] ?? [], other, stacks) as readonly { PolicyDocument: unknown }[];
      add(
        `${other.name}/${id}`,
        policies.map(({ PolicyDocument }) => PolicyDocument),
      );
    }
    for (const [, { Properties = {} }] of ofType(other, 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy')) {
      for (const role of [Properties['Roles'] ?? Properties['RoleName'] ?? []].flat()) {
        add(resourceOf(role, other, stacks), [render(Properties['PolicyDocument'], other, stacks)]);
      }
    }
  }
  for (const [at, amount] of sizes) {
    if (at.startsWith(`${stack.name}/`)) yield { at, amount, limit: 10_240, unit: 'characters of inline policies' };
  }
};

const functionPolicies: Meter = function* (stack, stacks) {
  const sizes = new Map<string, number>();
  for (const [, { Properties = {} }] of ofType(stack, 'AWS::Lambda::Permission')) {
    const owner = resourceOf(Properties['FunctionName'], stack, stacks);
    if (owner !== undefined) sizes.set(owner, (sizes.get(owner) ?? 0) + sizeOf(render(Properties, stack, stacks)));
  }
  for (const [at, amount] of sizes) yield { at, amount, limit: 20_480, unit: 'bytes of resource policy' };
};

/** Lambda rejects a queue's visibility timeout that is shorter than the function's timeout. */
const visibilityTimeouts: Meter = function* (stack, stacks) {
  const propertyOf = (path: string | undefined, property: string, fallback: number) => {
    const [owner, id = ''] = path?.split('/') ?? [];
    const resource = stacks.find(({ name }) => name === owner)?.template.Resources[id];
    return resource === undefined ? undefined : Number(resource.Properties?.[property] ?? fallback);
  };
  for (const [id, { Properties = {} }] of ofType(stack, 'AWS::Lambda::EventSourceMapping')) {
    const queue = resourceOf(Properties['EventSourceArn'], stack, stacks);
    const isQueue = stacks.some((other) =>
      [...ofType(other, 'AWS::SQS::Queue')].some(([id]) => `${other.name}/${id}` === queue),
    );
    const timeout = propertyOf(resourceOf(Properties['FunctionName'], stack, stacks), 'Timeout', 3);
    const limit = propertyOf(queue, 'VisibilityTimeout', 30);
    if (isQueue && timeout !== undefined && limit !== undefined) {
      yield { at: `${stack.name}/${id}`, amount: timeout, limit, unit: 'seconds of visibility timeout' };
    }
  }
};

const filterPatterns: Meter = function* (stack, stacks) {
  for (const [id, { Properties }] of ofType(stack, 'AWS::Lambda::EventSourceMapping')) {
    const { FilterCriteria } = render(Properties, stack, stacks) as {
      FilterCriteria?: { Filters?: { Pattern: string }[] };
    };
    for (const [index, { Pattern }] of (FilterCriteria?.Filters ?? []).entries()) {
      yield {
        at: `${stack.name}/${id}.FilterCriteria.Filters.${index}`,
        amount: Pattern.length,
        limit: 4096,
        unit: 'characters',
      };
    }
  }
};

interface Alarm {
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Period?: number } }[];
  readonly Period?: number;
  readonly EvaluationPeriods: number;
}

/** At most 10 metrics per expression, and at most a day, or a week in periods of an hour or more. */
const alarms: Meter = function* (stack, stacks) {
  for (const [id, { Properties }] of ofType(stack, 'AWS::CloudWatch::Alarm')) {
    const { Metrics = [], Period, EvaluationPeriods } = render(Properties, stack, stacks) as Alarm;
    const at = `${stack.name}/${id}`;
    const metrics = Metrics.filter(({ MetricStat }) => MetricStat !== undefined);
    yield { at: `${at}.Metrics`, amount: metrics.length, limit: 10, unit: 'metrics' };
    const period = Math.max(Period ?? 0, ...metrics.map(({ MetricStat }) => MetricStat?.Period ?? 0));
    const limit = period < 3600 ? 86_400 : 604_800;
    yield { at: `${at}.EvaluationPeriods`, amount: period * EvaluationPeriods, limit, unit: 'seconds' };
  }
};

const dashboards: Meter = function* (stack, stacks) {
  for (const [id, { Properties = {} }] of ofType(stack, 'AWS::CloudWatch::Dashboard')) {
    const at = `${stack.name}/${id}.DashboardBody`;
    const { widgets } = JSON.parse(String(render(Properties['DashboardBody'], stack, stacks))) as {
      widgets: { properties: { metrics?: unknown[] } }[];
    };
    const metrics = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    yield { at, amount: widgets.length, limit: 500, unit: 'widgets' };
    yield { at, amount: Math.max(0, ...metrics), limit: 500, unit: 'metrics of a widget' };
    yield { at, amount: metrics.reduce((sum, count) => sum + count, 0), limit: 2500, unit: 'metrics' };
  }
};

const statements: Meter = function* (stack) {
  for (const [type, limit] of [
    ['AWS::SQS::QueuePolicy', 20],
    ['AWS::SNS::TopicPolicy', 100],
  ] as const) {
    for (const [id, { Properties = {} }] of ofType(stack, type)) {
      const { Statement } = Properties['PolicyDocument'] as { Statement: readonly { Action: string | string[] }[] };
      yield { at: `${stack.name}/${id}.PolicyDocument`, amount: Statement.length, limit, unit: 'statements' };
      if (type === 'AWS::SNS::TopicPolicy') continue;
      const actions = Math.max(0, ...Statement.map(({ Action }) => [Action].flat().length));
      yield { at: `${stack.name}/${id}.PolicyDocument`, amount: actions, limit: 7, unit: 'actions of a statement' };
    }
  }
};

const tags: Meter = function* (stack) {
  for (const [id, { Properties = {} }] of Object.entries(stack.template.Resources)) {
    const value = Properties['Tags'];
    yield {
      at: `${stack.name}/${id}.Tags`,
      amount: isObject(value) ? Object.keys(value).length : [value ?? []].flat().length,
      limit: 50,
      unit: 'tags',
    };
  }
};

/** CloudFormation User Guide, "Understand CloudFormation quotas". */
const templates: Meter = function* ({ name, bytes, template }) {
  yield { at: name, amount: bytes, limit: 1_000_000, unit: 'bytes' };
  yield { at: `${name}/Description`, amount: sizeOf(template.Description), limit: 1024, unit: 'bytes' };
  for (const [section, limit] of [
    ['Resources', 500],
    ['Outputs', 200],
    ['Parameters', 200],
    ['Mappings', 200],
  ] as const) {
    yield { at: `${name}/${section}`, amount: Object.keys(template[section]).length, limit, unit: section };
  }
};

const quotas: readonly Meter[] = [
  templates,
  tags,
  // IAM User Guide, "IAM and AWS STS quotas".
  inlinePolicies,
  ofProperty('AWS::IAM::Role', 'ManagedPolicyArns', 'elements', 10),
  ofProperty('AWS::IAM::Role', 'AssumeRolePolicyDocument', 'bytes', 2048),
  ofProperty('AWS::IAM::ManagedPolicy', 'PolicyDocument', 'bytes', 6144),
  // Lambda Developer Guide, "Lambda quotas", "Control which events Lambda sends to your function", "Polling and
  // batching streams".
  functionPolicies,
  filterPatterns,
  visibilityTimeouts,
  ofProperty('AWS::Lambda::Function', 'Environment', 'bytes', 4096),
  ofProperty('AWS::Lambda::Function', 'Layers', 'elements', 5),
  ofProperty('AWS::Lambda::Function', 'Description', 'bytes', 256),
  ofProperty('AWS::Lambda::EventSourceMapping', 'FilterCriteria.Filters', 'elements', 5),
  perOwner('AWS::Lambda::EventSourceMapping', 'EventSourceArn', 2),
  // API Gateway Developer Guide, "Quotas for configuring and running an HTTP API" and "… a WebSocket API".
  perOwner('AWS::ApiGatewayV2::Route', 'ApiId', 300),
  perOwner('AWS::ApiGatewayV2::Integration', 'ApiId', 300),
  perOwner('AWS::ApiGatewayV2::Authorizer', 'ApiId', 10),
  perOwner('AWS::ApiGatewayV2::Stage', 'ApiId', 10),
  ofProperty('AWS::ApiGatewayV2::Stage', 'AccessLogSettings.Format', 'bytes', 3072),
  ofProperty('AWS::ApiGatewayV2::Stage', 'StageVariables', 'elements', 100),
  // EventBridge User Guide, "Amazon EventBridge quotas".
  ofProperty('AWS::Events::Rule', 'Targets', 'elements', 5),
  ofProperty('AWS::Events::Rule', 'EventPattern', 'bytes', 2048),
  perOwner('AWS::Events::Rule', 'EventBusName', 300),
  // CloudWatch User Guide, "CloudWatch service quotas" and PutMetricAlarm.
  alarms,
  dashboards,
  ofProperty('AWS::CloudWatch::Alarm', 'AlarmActions', 'elements', 5),
  ofProperty('AWS::CloudWatch::Alarm', 'OKActions', 'elements', 5),
  ofProperty('AWS::CloudWatch::Alarm', 'Dimensions', 'elements', 30),
  ofProperty('AWS::CloudWatch::Alarm', 'AlarmDescription', 'bytes', 1024),
  // SQS Developer Guide, "Amazon SQS policy quotas"; SNS Developer Guide, "Policy quotas".
  statements,
  ofProperty('AWS::SQS::QueuePolicy', 'PolicyDocument', 'bytes', 8192),
  ofProperty('AWS::SNS::TopicPolicy', 'PolicyDocument', 'bytes', 30 * 1024),
  // S3 User Guide, "Policies and permissions" and PutBucketLifecycleConfiguration, PutBucketCors.
  ofProperty('AWS::S3::BucketPolicy', 'PolicyDocument', 'bytes', 20 * 1024),
  ofProperty('AWS::S3::Bucket', 'LifecycleConfiguration.Rules', 'elements', 1000),
  ofProperty('AWS::S3::Bucket', 'CorsConfiguration.CorsRules', 'elements', 100),
  // KMS Developer Guide, "Resource quotas".
  ofProperty('AWS::KMS::Key', 'KeyPolicy', 'bytes', 32 * 1024),
  ofProperty('AWS::KMS::Key', 'Description', 'bytes', 8192),
  // DynamoDB Developer Guide, "Quotas in Amazon DynamoDB".
  ofProperty('AWS::DynamoDB::GlobalTable', 'GlobalSecondaryIndexes', 'elements', 20),
  ofProperty('AWS::DynamoDB::Table', 'GlobalSecondaryIndexes', 'elements', 20),
  // CloudFront Developer Guide, "Quotas".
  ofProperty('AWS::CloudFront::Function', 'FunctionCode', 'bytes', 10 * 1024),
  ofProperty('AWS::CloudFront::Function', 'FunctionConfig.Comment', 'bytes', 128),
  ofProperty('AWS::CloudFront::Distribution', 'DistributionConfig.CacheBehaviors', 'elements', 75),
  ofProperty('AWS::CloudFront::Distribution', 'DistributionConfig.Origins', 'elements', 100),
  ofProperty('AWS::CloudFront::Distribution', 'DistributionConfig.Aliases', 'elements', 100),
  ofProperty('AWS::CloudFront::Distribution', 'DistributionConfig.Comment', 'bytes', 128),
  ofProperty(
    'AWS::CloudFront::ResponseHeadersPolicy',
    'ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy',
    'bytes',
    1783,
  ),
];
