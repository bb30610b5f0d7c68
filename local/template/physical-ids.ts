import { createHash } from 'node:crypto';

/** Before its properties are resolved. */
export interface NamedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly accountId: string;
  /** Undefined if absent. */
  property(name: string): unknown;
}

const nameProperties: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::DomainName': 'DomainName',
  'AWS::ApiGatewayV2::Stage': 'StageName',
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::CloudFront::Function': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::Connection': 'Name',
  'AWS::Events::ApiDestination': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': 'PolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Alias': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Lambda::LayerVersion': 'LayerName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SES::ConfigurationSet': 'Name',
  'AWS::SES::EmailIdentity': 'EmailIdentity',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::WAFv2::WebACL': 'Name',
};

const longestNames: Readonly<Record<string, number>> = {
  'AWS::IAM::Role': 64,
  'AWS::Lambda::Function': 64,
  'AWS::S3::Bucket': 63,
  'AWS::SQS::Queue': 80,
  'AWS::Events::Rule': 64,
  'AWS::Scheduler::Schedule': 64,
};

/** Unlike CloudFormation's, a generated name is the same at every start, so that a table keeps its data. */
export function resourceName(resource: NamedResource): string {
  const property = nameProperties[resource.type];
  const given = property === undefined ? undefined : resource.property(property);
  if (typeof given === 'string' && given !== '') return given;
  return generatedName(resource);
}

function generatedName(resource: NamedResource): string {
  const { type } = resource;
  switch (type) {
    case 'AWS::ApiGatewayV2::Api':
    case 'AWS::ApiGateway::RestApi':
      return digest(resource, 'abcdefghijklmnopqrstuvwxyz0123456789', 10);
    case 'AWS::ApiGatewayV2::Authorizer':
    case 'AWS::ApiGatewayV2::Deployment':
    case 'AWS::ApiGatewayV2::Integration':
    case 'AWS::ApiGatewayV2::IntegrationResponse':
    case 'AWS::ApiGatewayV2::Route':
    case 'AWS::ApiGatewayV2::RouteResponse':
      return digest(resource, 'abcdefghijklmnopqrstuvwxyz0123456789', 7);
    case 'AWS::CloudFront::Distribution':
      return `E${digest(resource, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 13)}`;
    case 'AWS::KMS::Key':
    case 'AWS::CloudFront::CachePolicy':
    case 'AWS::CloudFront::OriginRequestPolicy':
    case 'AWS::CloudFront::ResponseHeadersPolicy':
    case 'AWS::Lambda::EventSourceMapping':
      return uuid(resource);
    case 'AWS::Logs::LogGroup':
      return `/${joined(resource, 500)}`;
    case 'AWS::S3::Bucket':
      return joined(resource, 63).toLowerCase();
    case 'AWS::SQS::Queue':
    case 'AWS::SNS::Topic': {
      const isFifo = resource.property('FifoQueue') ?? resource.property('FifoTopic');
      return isFifo === true || isFifo === 'true' ? `${joined(resource, 75)}.fifo` : joined(resource, 80);
    }
    default:
      return joined(resource, longestNames[type] ?? 128);
  }
}

function joined(resource: NamedResource, longest: number): string {
  const ending = digest(resource, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 12);
  return `${`${resource.stack}-${resource.logicalId}`.slice(0, longest - ending.length - 1)}-${ending}`;
}

/** Always the same for a resource. */
export function digest(resource: { stack: string; logicalId: string }, letters: string, length: number): string {
  const bytes = createHash('sha256').update(`${resource.stack}/${resource.logicalId}`).digest();
  let result = '';
  for (let index = 0; index < length; index += 1) result += letters[(bytes[index] ?? 0) % letters.length] ?? '';
  return result;
}

function uuid(resource: { stack: string; logicalId: string }): string {
  const hex = digest(resource, '0123456789abcdef', 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
