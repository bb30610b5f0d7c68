export interface NameLimit {
  readonly type: string;
  /** Top-level property, or `<object>.<property>`. */
  readonly property: string;
  readonly max: number;
  readonly pattern?: RegExp;
  /** `none` for labels and for names that are unique within another resource. */
  readonly unique: 'account' | 'region' | 'none';
}

const word = /^[A-Za-z0-9_-]+$/;
const dotted = /^[.A-Za-z0-9_-]+$/;

/**
 * From the services' API references (CreateFunction, CreateQueue, PutRule, PutMetricAlarm, …) and, for S3, "General
 * purpose bucket naming rules". Every type with names must be listed.
 */
export const nameLimits: readonly NameLimit[] = [
  { type: 'AWS::ApiGatewayV2::Api', property: 'Name', max: 128, unique: 'none' },
  { type: 'AWS::ApiGatewayV2::Authorizer', property: 'Name', max: 128, unique: 'none' },
  {
    type: 'AWS::ApiGatewayV2::Stage',
    property: 'StageName',
    max: 128,
    pattern: /^(\$default|[\w-]+)$/,
    unique: 'none',
  },
  {
    type: 'AWS::CloudFront::CachePolicy',
    property: 'CachePolicyConfig.Name',
    max: 128,
    pattern: word,
    unique: 'account',
  },
  { type: 'AWS::CloudFront::Function', property: 'Name', max: 64, pattern: word, unique: 'account' },
  {
    type: 'AWS::CloudFront::OriginAccessControl',
    property: 'OriginAccessControlConfig.Name',
    max: 64,
    unique: 'account',
  },
  {
    type: 'AWS::CloudFront::ResponseHeadersPolicy',
    property: 'ResponseHeadersPolicyConfig.Name',
    max: 128,
    unique: 'account',
  },
  { type: 'AWS::CloudWatch::Alarm', property: 'AlarmName', max: 255, unique: 'region' },
  { type: 'AWS::CloudWatch::CompositeAlarm', property: 'AlarmName', max: 255, unique: 'region' },
  { type: 'AWS::CloudWatch::Dashboard', property: 'DashboardName', max: 255, pattern: word, unique: 'account' },
  { type: 'AWS::DynamoDB::GlobalTable', property: 'TableName', max: 255, pattern: dotted, unique: 'region' },
  { type: 'AWS::DynamoDB::Table', property: 'TableName', max: 255, pattern: dotted, unique: 'region' },
  { type: 'AWS::Events::Archive', property: 'ArchiveName', max: 48, pattern: /^[.A-Za-z0-9_-]+$/, unique: 'region' },
  { type: 'AWS::Events::EventBus', property: 'Name', max: 256, pattern: /^[/.A-Za-z0-9_-]+$/, unique: 'region' },
  { type: 'AWS::Events::Rule', property: 'Name', max: 64, pattern: dotted, unique: 'none' },
  {
    type: 'AWS::IAM::ManagedPolicy',
    property: 'ManagedPolicyName',
    max: 128,
    pattern: /^[\w+=,.@-]+$/,
    unique: 'account',
  },
  { type: 'AWS::IAM::Policy', property: 'PolicyName', max: 128, pattern: /^[\w+=,.@-]+$/, unique: 'none' },
  { type: 'AWS::IAM::Role', property: 'RoleName', max: 64, pattern: /^[\w+=,.@-]+$/, unique: 'account' },
  { type: 'AWS::KMS::Alias', property: 'AliasName', max: 256, pattern: /^alias\/(?!aws\/)[\w/-]+$/, unique: 'region' },
  { type: 'AWS::Lambda::Function', property: 'FunctionName', max: 64, pattern: word, unique: 'region' },
  { type: 'AWS::Lambda::LayerVersion', property: 'LayerName', max: 140, unique: 'none' },
  {
    type: 'AWS::Logs::LogGroup',
    property: 'LogGroupName',
    max: 512,
    pattern: /^[.\-_/#A-Za-z0-9]+$/,
    unique: 'region',
  },
  { type: 'AWS::Route53::RecordSet', property: 'Name', max: 255, unique: 'none' },
  {
    type: 'AWS::S3::Bucket',
    property: 'BucketName',
    max: 63,
    pattern: /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
    unique: 'account',
  },
  { type: 'AWS::Scheduler::Schedule', property: 'Name', max: 64, pattern: dotted, unique: 'region' },
  { type: 'AWS::Scheduler::ScheduleGroup', property: 'Name', max: 64, pattern: dotted, unique: 'region' },
  { type: 'AWS::SES::ConfigurationSet', property: 'Name', max: 64, pattern: word, unique: 'region' },
  { type: 'AWS::SNS::Topic', property: 'TopicName', max: 256, pattern: /^[\w-]+(\.fifo)?$/, unique: 'region' },
  { type: 'AWS::SQS::Queue', property: 'QueueName', max: 80, pattern: /^[\w-]+(\.fifo)?$/, unique: 'region' },
  { type: 'AWS::WAFv2::WebACL', property: 'Name', max: 128, pattern: word, unique: 'region' },
];
