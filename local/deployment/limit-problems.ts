import type { Assembly, Resource } from '../contract.ts';
import { textOf } from '../text-of.ts';

type Check = (resource: Resource, assembly: Assembly) => readonly string[];

const longestFunctionCode = 10 * 1024;
const largestEnvironment = 4 * 1024;
const mostResources = 500;
/** Of an API; the default, which AWS raises on request. */
const mostRoutes = 300;
const mostInlinePolicyCharacters = 10_240;
/** The default; AWS raises it on request. */
const longestEventPattern = 2_048;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

const checks: Readonly<Record<string, Check>> = {
  'AWS::Lambda::Function': checkFunction,
  'AWS::CloudFront::Function': checkViewerFunction,
  'AWS::SQS::Queue': ({ properties }) => [
    ...outside(properties, 'DelaySeconds', 0, 900),
    ...outside(properties, 'MaximumMessageSize', 1_024, 1_048_576),
    ...outside(properties, 'MessageRetentionPeriod', 60, 1_209_600),
    ...outside(properties, 'ReceiveMessageWaitTimeSeconds', 0, 20),
    ...outside(properties, 'VisibilityTimeout', 0, 43_200),
  ],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  'AWS::Events::Rule': ({ properties }) => [
    ...(((properties['Targets'] ?? []) as readonly unknown[]).length > 5 ? ['it has more than 5 targets.'] : []),
    ...(JSON.stringify(properties['EventPattern'] ?? {}).length > longestEventPattern
      ? [`its pattern has more than ${longestEventPattern} characters.`]
      : []),
  ],
  'AWS::ApiGatewayV2::Integration': ({ properties }, assembly) => {
    const api = assembly.ofType('AWS::ApiGatewayV2::Api').find(({ physicalId }) => physicalId === properties['ApiId']);
    return outside(
      properties,
      'TimeoutInMillis',
      50,
      api?.properties['ProtocolType'] === 'WEBSOCKET' ? 29_000 : 30_000,
    );
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  'AWS::ApiGatewayV2::Api': ({ physicalId }, assembly) => {
    const routes = assembly
      .ofType('AWS::ApiGatewayV2::Route')
      .filter(({ properties }) => properties['ApiId'] === physicalId);
    return routes.length > mostRoutes ? [`it has ${routes.length} routes, more than ${mostRoutes}.`] : [];
  },
  // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
  'AWS::Scheduler::ScheduleGroup': ({ properties }) => nameLongerThan(64, properties['Name']),
  'AWS::IAM::Role': checkRole,
};

/** Finds exceeded limits that CloudFormation's schemas do not contain. */
export function limitProblems(assembly: Assembly): string[] {
  const problems = Object.entries(checks).flatMap(([type, check]) =>
    assembly
      .ofType(type)
      .flatMap((resource) => check(resource, assembly).map((problem) => `${type} ${resource.logicalId}: ${problem}`)),
  );
  return [...problems, ...tooManyResources(assembly)];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
function tooManyResources({ resources }: Assembly): string[] {
  return [...Map.groupBy(resources, ({ stack }) => stack)]
    .filter(([, own]) => own.length > mostResources)
    .map(([stack, own]) => `The stack ${stack} has ${own.length} resources, more than ${mostResources}.`);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function checkFunction({ properties }: Resource): string[] {
  const { Variables: variables = {} } = (properties['Environment'] ?? {}) as {
    readonly Variables?: Readonly<Record<string, unknown>>;
  };
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  const size = Object.entries(variables).reduce((sum, [name, value]) => sum + bytes(name) + bytes(String(value)), 0);
  return [
    ...nameLongerThan(64, properties['FunctionName']),
    ...reserved.map((name) => `Lambda reserves the environment variable ${name}.`),
    ...(size > largestEnvironment
      ? ['Lambda was unable to configure your environment variables because they exceeded the 4KB limit.']
      : []),
    ...outside(properties, 'Timeout', 1, 900),
    ...outside(properties, 'MemorySize', 128, 10_240),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions */
function checkViewerFunction({ properties }: Resource): string[] {
  const size = bytes(textOf(properties['FunctionCode']));
  return [
    ...nameLongerThan(64, properties['Name']),
    ...(size > longestFunctionCode ? [`its code has ${size} bytes, more than 10 KB.`] : []),
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function checkRole(role: Resource, assembly: Assembly): string[] {
  const inline = (role.properties['Policies'] ?? []) as readonly { readonly PolicyDocument: unknown }[];
  const attached = assembly
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => (properties['Roles'] as readonly unknown[] | undefined)?.includes(role.physicalId));
  const documents = [
    ...inline.map(({ PolicyDocument }) => PolicyDocument),
    ...attached.map(({ properties }) => properties['PolicyDocument']),
  ];
  const characters = documents.reduce<number>((sum, document) => sum + JSON.stringify(document).length, 0);
  return [
    ...nameLongerThan(64, role.properties['RoleName']),
    ...(characters > mostInlinePolicyCharacters
      ? [`Maximum policy size of ${mostInlinePolicyCharacters} bytes exceeded: ${characters}.`]
      : []),
  ];
}

function outside(
  properties: Readonly<Record<string, unknown>>,
  name: string,
  least: number,
  most: number,
): readonly string[] {
  const value = properties[name];
  if (value === undefined || (Number(value) >= least && Number(value) <= most)) return [];
  return [`${name} is ${textOf(value)}, not ${least} to ${most}.`];
}

/** Generated names are always short enough. */
function nameLongerThan(most: number, name: unknown): readonly string[] {
  return typeof name === 'string' && name.length > most ? [`its name has more than ${most} characters.`] : [];
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
