import { render } from './rendering.ts';
import { type Finding, isObject, ofType, type Stack } from './template.ts';

/** `*` matches every element of a list. */
type Range = readonly [type: string, path: string, min: number, max: number];

/**
 * API references: Lambda (CreateFunction, CreateEventSourceMapping), SQS (SetQueueAttributes), EventBridge
 * (RetryPolicy), KMS (ScheduleKeyDeletion, EnableKeyRotation), DynamoDB (PointInTimeRecoverySpecification), API Gateway
 * V2 (CreateIntegration, CreateAuthorizer), CloudFront (Origin), IAM (CreateRole), CloudWatch (PutMetricAlarm).
 */
const ranges: readonly Range[] = [
  ['AWS::ApiGatewayV2::Authorizer', 'AuthorizerResultTtlInSeconds', 0, 3600],
  ['AWS::ApiGatewayV2::Integration', 'TimeoutInMillis', 50, 30_000],
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Origins.*.ConnectionAttempts', 1, 3],
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Origins.*.ConnectionTimeout', 1, 10],
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Origins.*.CustomOriginConfig.OriginReadTimeout', 1, 120],
  ['AWS::CloudFront::Distribution', 'DistributionConfig.Origins.*.CustomOriginConfig.OriginKeepaliveTimeout', 1, 120],
  ['AWS::CloudWatch::Alarm', 'EvaluationPeriods', 1, 10_080],
  ['AWS::DynamoDB::GlobalTable', 'Replicas.*.PointInTimeRecoverySpecification.RecoveryPeriodInDays', 1, 35],
  ['AWS::DynamoDB::Table', 'PointInTimeRecoverySpecification.RecoveryPeriodInDays', 1, 35],
  ['AWS::Events::Rule', 'Targets.*.RetryPolicy.MaximumEventAgeInSeconds', 60, 86_400],
  ['AWS::Events::Rule', 'Targets.*.RetryPolicy.MaximumRetryAttempts', 0, 185],
  ['AWS::IAM::Role', 'MaxSessionDuration', 3600, 43_200],
  ['AWS::KMS::Key', 'PendingWindowInDays', 7, 30],
  ['AWS::KMS::Key', 'RotationPeriodInDays', 90, 2560],
  ['AWS::Lambda::EventSourceMapping', 'BatchSize', 1, 10_000],
  ['AWS::Lambda::EventSourceMapping', 'MaximumBatchingWindowInSeconds', 0, 300],
  ['AWS::Lambda::EventSourceMapping', 'MaximumRecordAgeInSeconds', -1, 604_800],
  ['AWS::Lambda::EventSourceMapping', 'MaximumRetryAttempts', -1, 10_000],
  ['AWS::Lambda::EventSourceMapping', 'ParallelizationFactor', 1, 10],
  ['AWS::Lambda::EventSourceMapping', 'ScalingConfig.MaximumConcurrency', 2, 1000],
  ['AWS::Lambda::Function', 'EphemeralStorage.Size', 512, 10_240],
  ['AWS::Lambda::Function', 'MemorySize', 128, 10_240],
  ['AWS::Lambda::Function', 'Timeout', 1, 900],
  ['AWS::SQS::Queue', 'DelaySeconds', 0, 900],
  ['AWS::SQS::Queue', 'MaximumMessageSize', 1024, 1_048_576],
  ['AWS::SQS::Queue', 'MessageRetentionPeriod', 60, 1_209_600],
  ['AWS::SQS::Queue', 'ReceiveMessageWaitTimeSeconds', 0, 20],
  ['AWS::SQS::Queue', 'RedrivePolicy.maxReceiveCount', 1, 1000],
  ['AWS::SQS::Queue', 'VisibilityTimeout', 0, 43_200],
];

export function* checkRanges(stack: Stack, stacks: readonly Stack[]): Generator<Finding> {
  for (const [type, path, min, max] of ranges) {
    for (const [id, { Properties = {} }] of ofType(stack, type)) {
      for (const [at, value] of valuesAt(render(Properties, stack, stacks), path.split('.'))) {
        const isWithin = Number(value) >= min && Number(value) <= max;
        if (!isWithin) {
          yield {
            rule: 'range',
            at: `${stack.name}/${[id, ...at].join('.')}`,
            detail: `${String(value)} is not within ${min} and ${max}`,
          };
        }
      }
    }
  }
}

function* valuesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  at: readonly string[] = [],
): Generator<readonly [readonly string[], unknown]> {
  if (value === undefined) return;
  if (step === undefined) yield [at, value];
  else if (step === '*' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* valuesAt(item, rest, [...at, String(index)]);
  } else if (isObject(value)) yield* valuesAt(value[step], rest, [...at, step]);
}
