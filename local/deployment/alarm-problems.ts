import type { Assembly } from '../contract.ts';
import type { Judge } from './deployment-problems.ts';

const actionLists = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];
const cloudWatch = 'cloudwatch.amazonaws.com';

/**
 * Finds alarms that cannot notify their topic. AWS deploys them and loses their messages.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmProblems(assembly: Assembly, { mayService, encryptionKeys }: Judge): string[] {
  const alarms = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) => assembly.ofType(type));
  return alarms.flatMap(({ logicalId, arn, properties }) => {
    const topics = new Set(
      actionLists
        .flatMap((list) => (properties[list] ?? []) as readonly unknown[])
        .filter((action): action is string => typeof action === 'string' && action.split(':')[2] === 'sns'),
    );
    return [...topics].flatMap((topic) => {
      const key = encryptionKeys.get(topic);
      const decisions = [
        mayService(cloudWatch, 'sns:Publish', topic, arn),
        ...(key === undefined
          ? []
          : ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => mayService(cloudWatch, action, key, arn))),
      ];
      return decisions.filter(({ allowed }) => !allowed).map(({ reason }) => `Alarm ${logicalId}: ${reason}`);
    });
  });
}
