import { ArnFormat, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { WatchedQueues } from '../observability/alarm-definition.ts';
import { alarmDefinitions } from '../observability/alarms.ts';
import { createDashboard } from '../observability/dashboard.ts';
import type { Sources } from '../observability/metrics.ts';
import type { Stage } from '../settings.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly stage: Stage;
  readonly sources: Sources;
  readonly queues: WatchedQueues;
}

export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { stage, sources, queues } = props;
    createDashboard(this, sources, queues);
    if (!stage.settings.alarms) return;

    const action = alarmAction(this, stage);
    for (const definition of alarmDefinitions(sources, queues)) {
      const name = definition.name.startsWith(stage.prefix) ? definition.name : `${stage.prefix}-${definition.name}`;
      const alarm = new Alarm(this, definition.name, {
        alarmName: name,
        alarmDescription: `${definition.meaning}. What to do: docs/operations.md#${definition.runbook}`,
        metric: definition.metric,
        threshold: definition.threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: definition.periods ?? 1,
        ...(definition.breaching === undefined ? {} : { datapointsToAlarm: definition.breaching }),
        treatMissingData: definition.missing ?? TreatMissingData.NOT_BREACHING,
      });
      if (action) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }
}

function alarmAction(stack: Stack, { prefix, settings }: Stage): IAlarmAction | undefined {
  if (settings.alarmEmail === undefined) return undefined;
  const topic = new Topic(stack, 'Alarms', { enforceSSL: true, displayName: `${stack.stackName} alarms` });
  // The policy that enforces TLS replaces the default, which lets alarms publish.
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisStage',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: {
          'aws:SourceArn': stack.formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: `${prefix}-*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  const subscription = topic.addSubscription(new EmailSubscription(settings.alarmEmail));
  Validations.of(subscription).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'If SNS cannot deliver a mail, the alarm is still visible in CloudWatch until its cause is gone',
  });
  return new SnsAction(topic);
}
