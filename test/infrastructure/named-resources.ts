import { asText, type Resource, type SynthesisedStage } from './synthesised-stage.ts';
import { JsonPart } from './template-check/json-part.ts';

/** Names are unique in this scope. `owner` is another resource, such as an API. */
type NameScope = 'account' | 'region' | 'owner';

interface Naming {
  readonly scope: NameScope;
  readonly properties: readonly string[];
}

const named = (scope: NameScope, ...properties: readonly string[]): Naming => ({ scope, properties });

/** CloudFormation cannot create a second resource of the same name. Names that it generates are unique. */
const namings: Readonly<Record<string, Naming>> = {
  'AWS::ApiGatewayV2::Authorizer': named('owner', 'ApiId', 'Name'),
  'AWS::ApiGatewayV2::Route': named('owner', 'ApiId', 'RouteKey'),
  'AWS::ApiGatewayV2::Stage': named('owner', 'ApiId', 'StageName'),
  'AWS::Budgets::Budget': named('account', 'Budget.BudgetName'),
  'AWS::CloudFront::Function': named('account', 'Name'),
  'AWS::CloudFront::CachePolicy': named('account', 'CachePolicyConfig.Name'),
  'AWS::CloudFront::OriginAccessControl': named('account', 'OriginAccessControlConfig.Name'),
  'AWS::CloudFront::OriginRequestPolicy': named('account', 'OriginRequestPolicyConfig.Name'),
  'AWS::CloudFront::ResponseHeadersPolicy': named('account', 'ResponseHeadersPolicyConfig.Name'),
  'AWS::CloudWatch::Alarm': named('region', 'AlarmName'),
  'AWS::CloudWatch::CompositeAlarm': named('region', 'AlarmName'),
  'AWS::CloudWatch::Dashboard': named('account', 'DashboardName'),
  'AWS::DynamoDB::GlobalTable': named('region', 'TableName'),
  'AWS::DynamoDB::Table': named('region', 'TableName'),
  'AWS::Events::EventBus': named('region', 'Name'),
  'AWS::Events::Rule': named('region', 'EventBusName', 'Name'),
  'AWS::IAM::ManagedPolicy': named('account', 'ManagedPolicyName'),
  'AWS::IAM::Role': named('account', 'RoleName'),
  'AWS::KMS::Alias': named('region', 'AliasName'),
  'AWS::Lambda::EventSourceMapping': named('owner', 'FunctionName', 'EventSourceArn'),
  'AWS::Lambda::Function': named('region', 'FunctionName'),
  'AWS::Logs::LogGroup': named('region', 'LogGroupName'),
  'AWS::Logs::QueryDefinition': named('region', 'Name'),
  'AWS::Route53::RecordSet': named('account', 'Name', 'Type'),
  'AWS::S3::Bucket': named('account', 'BucketName'),
  'AWS::SES::ConfigurationSet': named('region', 'Name'),
  'AWS::Scheduler::ScheduleGroup': named('region', 'Name'),
  'AWS::SNS::Topic': named('region', 'TopicName'),
  'AWS::SQS::Queue': named('region', 'QueueName'),
  'AWS::SSM::Parameter': named('region', 'Name'),
};

export interface NamedResource {
  readonly scope: NameScope;
  /** `<type> <name>`. */
  readonly name: string;
  /** `<stack>/<logical id>`. */
  readonly id: string;
  readonly resource: Resource;
}

export function namedResources(stage: SynthesisedStage): readonly NamedResource[] {
  return Object.entries(namings).flatMap(([type, { scope, properties }]) =>
    Object.entries(stage.ofType(type)).flatMap(([id, resource]) => {
      const part = new JsonPart(resource.Properties);
      const values = properties.map((path) => part.get(path));
      const name = values.at(-1);
      return name === undefined ? [] : [{ scope, name: `${type} ${values.map(asText).join(' ')}`, id, resource }];
    }),
  );
}
