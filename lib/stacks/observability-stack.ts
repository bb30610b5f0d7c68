import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { alarmDefinitions, type WatchedQueues } from '../observability/alarms.ts';
import { createDashboard } from '../observability/dashboard.ts';
import type { Sources } from '../observability/metrics.ts';
import type { Stage } from '../settings.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly stage: Stage;
  readonly sources: Sources;
  readonly queues: WatchedQueues;
}

/** A dashboard, and alarms that name their runbook. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { stage, sources, queues } = props;
    createDashboard(this, stage.prefix, sources, queues);
    if (!stage.settings.alarms) return;

    const action = alarmAction(this, stage.settings.alarmEmail);
    for (const definition of alarmDefinitions(stage.prefix, sources, queues)) {
      const name = definition.name.startsWith(stage.prefix) ? definition.name : `${stage.prefix}-${definition.name}`;
      const alarm = new Alarm(this, definition.name, {
        alarmName: name,
        alarmDescription: `${definition.meaning}. What to do: docs/operations.md#${definition.runbook}`,
        metric: definition.metric,
        threshold: definition.threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: definition.periods ?? 1,
        // Most of these metrics exist only while something is wrong.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (action) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }
}

function alarmAction(stack: Stack, email: string | undefined): IAlarmAction | undefined {
  if (email === undefined) return undefined;
  const topic = new Topic(stack, 'Alarms', { enforceSSL: true, displayName: `${stack.stackName} alarms` });
  const subscription = topic.addSubscription(new EmailSubscription(email));
  Validations.of(subscription).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'SNS keeps no undelivered mail; the alarm itself stays in CloudWatch until its cause is gone',
  });
  return new SnsAction(topic);
}
