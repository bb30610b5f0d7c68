import { digest, resourceName } from './physical-ids.ts';
import type { NamedResource } from './physical-ids.ts';
import { textOf } from '../text-of.ts';

const lettersAndDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Must be the same after a restart. */
export const streamLabel = '2026-01-01T00:00:00.000';

export const urlSuffix = 'amazonaws.com';

/** The local run rewrites this AWS address. */
export function queueUrl(region: string, accountId: string, name: string): string {
  return `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html */
export function referenceTo(resource: NamedResource): string {
  const name = resourceName(resource);
  switch (resource.type) {
    case 'AWS::SQS::Queue':
      return queueUrl(resource.region, resource.accountId, name);
    case 'AWS::CloudFront::Function':
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::Lambda::Alias':
    case 'AWS::Lambda::LayerVersion':
    case 'AWS::Lambda::Version':
    case 'AWS::SNS::Subscription':
    case 'AWS::SNS::Topic':
    case 'AWS::SecretsManager::Secret':
    case 'AWS::StepFunctions::StateMachine':
    case 'AWS::CertificateManager::Certificate':
      return arnOf(resource) ?? name;
    case 'AWS::Events::Rule': {
      const bus = busOf(resource);
      return bus === 'default' ? name : `${bus}|${name}`;
    }
    case 'AWS::WAFv2::WebACL':
      return `${name}|${digest(resource, lettersAndDigits, 12)}|${String(resource.property('Scope'))}`;
    default:
      return name;
  }
}

/** Undefined for types without one. */
export function arnOf(resource: NamedResource): string | undefined {
  const name = resourceName(resource);
  const arn = (service: string, rest: string, region = resource.region, account = resource.accountId): string =>
    `arn:aws:${service}:${region}:${account}:${rest}`;
  switch (resource.type) {
    case 'AWS::ApiGatewayV2::Api':
      return arn('apigateway', `/apis/${name}`, resource.region, '');
    case 'AWS::CertificateManager::Certificate':
      return arn('acm', `certificate/${name}`);
    case 'AWS::CloudFront::Distribution':
      return arn('cloudfront', `distribution/${name}`, '');
    case 'AWS::CloudFront::Function':
      return arn('cloudfront', `function/${name}`, '');
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::CompositeAlarm':
      return arn('cloudwatch', `alarm:${name}`);
    case 'AWS::DynamoDB::GlobalTable':
    case 'AWS::DynamoDB::Table':
      return arn('dynamodb', `table/${name}`);
    case 'AWS::Events::ApiDestination':
      return arn('events', `api-destination/${name}`);
    case 'AWS::Events::Archive':
      return arn('events', `archive/${name}`);
    case 'AWS::Events::Connection':
      return arn('events', `connection/${name}`);
    case 'AWS::Events::EventBus':
      return arn('events', `event-bus/${name}`);
    case 'AWS::Events::Rule': {
      const bus = busOf(resource);
      return arn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);
    }
    case 'AWS::IAM::ManagedPolicy':
      return arn('iam', `policy${path(resource)}${name}`, '');
    case 'AWS::IAM::Role':
      return arn('iam', `role${path(resource)}${name}`, '');
    case 'AWS::KMS::Alias':
      return arn('kms', name);
    case 'AWS::KMS::Key':
      return arn('kms', `key/${name}`);
    case 'AWS::Lambda::Alias':
    case 'AWS::Lambda::Version': {
      const functionName = String(resource.property('FunctionName')).split(':function:').at(-1);
      const qualifier = resource.type === 'AWS::Lambda::Alias' ? name : '1';
      return arn('lambda', `function:${functionName}:${qualifier}`);
    }
    case 'AWS::Lambda::EventSourceMapping':
      return arn('lambda', `event-source-mapping:${name}`);
    case 'AWS::Lambda::Function':
      return arn('lambda', `function:${name}`);
    case 'AWS::Lambda::LayerVersion':
      return arn('lambda', `layer:${name}:1`);
    case 'AWS::Logs::LogGroup':
      return arn('logs', `log-group:${name}:*`);
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::SES::ConfigurationSet':
      return arn('ses', `configuration-set/${name}`);
    case 'AWS::SES::EmailIdentity':
      return arn('ses', `identity/${name}`);
    case 'AWS::SNS::Subscription':
      return `${String(resource.property('TopicArn'))}:${digest(resource, '0123456789abcdef', 32)}`;
    case 'AWS::SNS::Topic':
      return arn('sns', name);
    case 'AWS::SQS::Queue':
      return arn('sqs', name);
    case 'AWS::SSM::Parameter':
      return arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
    case 'AWS::Scheduler::Schedule':
      return arn('scheduler', `schedule/${textOf(resource.property('GroupName'), 'default')}/${name}`);
    case 'AWS::Scheduler::ScheduleGroup':
      return arn('scheduler', `schedule-group/${name}`);
    case 'AWS::SecretsManager::Secret':
      return arn('secretsmanager', `secret:${name}-${digest(resource, lettersAndDigits, 6)}`);
    case 'AWS::StepFunctions::StateMachine':
      return arn('states', `stateMachine:${name}`);
    case 'AWS::WAFv2::WebACL': {
      const scope = resource.property('Scope') === 'CLOUDFRONT' ? 'global' : 'regional';
      return arn('wafv2', `${scope}/webacl/${name}/${digest(resource, lettersAndDigits, 12)}`);
    }
    default:
      return undefined;
  }
}

/**
 * `Fn::GetAtt`; undefined if unsupported.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export function attributeOf(resource: NamedResource, attribute: string): unknown {
  const name = resourceName(resource);
  const special = specialAttributes[`${resource.type} ${attribute}`];
  if (special !== undefined) return special(resource, name);
  switch (attribute) {
    case 'Arn':
      return arnOf(resource) ?? genericArn(resource, name);
    case 'Id':
    case 'Name':
      return name;
    default:
      return undefined;
  }
}

type Attribute = (resource: NamedResource, name: string) => unknown;

const bucketDomain: Attribute = (_resource, name) => `${name}.s3.${urlSuffix}`;
const topicArn: Attribute = (resource) => arnOf(resource);

const specialAttributes: Readonly<Record<string, Attribute>> = {
  'AWS::ApiGatewayV2::Api ApiEndpoint': (resource, name) =>
    `${resource.property('ProtocolType') === 'WEBSOCKET' ? 'wss' : 'https'}://${name}.execute-api.${resource.region}.${urlSuffix}`,
  'AWS::ApiGatewayV2::Api ApiId': (_resource, name) => name,
  'AWS::ApiGatewayV2::Authorizer AuthorizerId': (_resource, name) => name,
  'AWS::ApiGatewayV2::DomainName RegionalDomainName': (resource) =>
    `d-${digest(resource, lettersAndDigits, 10)}.execute-api.${resource.region}.${urlSuffix}`,
  'AWS::ApiGatewayV2::DomainName RegionalHostedZoneId': (resource) => `Z${digest(resource, lettersAndDigits, 12)}`,
  'AWS::CloudFront::Distribution DomainName': (resource) => `d${digest(resource, lettersAndDigits, 13)}.cloudfront.net`,
  'AWS::CloudFront::Function FunctionARN': (resource) => arnOf(resource),
  'AWS::CloudFront::Function FunctionMetadata.FunctionARN': (resource) => arnOf(resource),
  'AWS::CloudFront::Function Stage': () => 'LIVE',
  'AWS::DynamoDB::GlobalTable StreamArn': (resource) => `${arnOf(resource)}/stream/${streamLabel}`,
  'AWS::DynamoDB::Table StreamArn': (resource) => `${arnOf(resource)}/stream/${streamLabel}`,
  'AWS::DynamoDB::GlobalTable TableId': (_resource, name) => name,
  'AWS::IAM::ManagedPolicy PolicyArn': (resource) => arnOf(resource),
  'AWS::IAM::Role RoleId': (resource) => `AROA${digest(resource, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 17)}`,
  'AWS::KMS::Key KeyId': (_resource, name) => name,
  'AWS::Lambda::Function CurrentVersion': () => '1',
  'AWS::Lambda::Version Version': () => '1',
  'AWS::S3::Bucket DomainName': bucketDomain,
  'AWS::S3::Bucket RegionalDomainName': (resource, name) => `${name}.s3.${resource.region}.${urlSuffix}`,
  'AWS::S3::Bucket WebsiteURL': (resource, name) => `http://${name}.s3-website.${resource.region}.${urlSuffix}`,
  'AWS::SNS::Topic TopicArn': topicArn,
  'AWS::SNS::Topic TopicName': (_resource, name) => name,
  'AWS::SQS::Queue QueueName': (_resource, name) => name,
  'AWS::SQS::Queue QueueUrl': (resource) => referenceTo(resource),
  'AWS::SSM::Parameter Type': (resource) => resource.property('Type'),
  'AWS::SSM::Parameter Value': (resource) => resource.property('Value'),
};

function genericArn(resource: NamedResource, name: string): string | undefined {
  const [vendor, service, kind] = resource.type.split('::');
  if (vendor !== 'AWS' || service === undefined || kind === undefined) return undefined;
  return `arn:aws:${service.toLowerCase()}:${resource.region}:${resource.accountId}:${kind.toLowerCase()}/${name}`;
}

function busOf(resource: NamedResource): string {
  const bus = resource.property('EventBusName');
  return typeof bus === 'string' ? (bus.split('event-bus/').at(-1) ?? bus) : 'default';
}

function path(resource: NamedResource): string {
  const given = resource.property('Path');
  return typeof given === 'string' ? given : '/';
}
