import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

export interface TimerTargets {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly groupName: string;
  /** For schedules. */
  readonly role: IRole;
}

export interface GrantTargets {
  readonly stagePrefix: string;
  readonly table: ITableV2;
  readonly keysTable: TableV2;
  readonly tableKey: IKey;
  readonly dataKey: IKey;
  readonly signingKeys?: readonly IKey[];
  readonly filesBucket: IBucket;
  /** In the format of cdk-nag's findings. */
  readonly filesBucketFinding: string;
  readonly filesKey: IKey;
  readonly recordsBucket: IBucket;
  readonly recordsBucketFinding: string;
  readonly recordsKey: IKey;
  readonly eventBus?: EventBus;
  readonly timers?: TimerTargets;
  readonly lanesQueue?: IQueue;
  readonly publicUrl: string;
  readonly socketEndpoint: string;
  /** `arn:…:execute-api:…:<api>/<stage>` of the WebSocket API. */
  readonly socketStageArn: string;
  /** In the format of cdk-nag's findings. */
  readonly socketStageFinding: string;
  readonly mailFrom: string;
  readonly mailConfigurationSet?: string;
  readonly originKey: string;
  readonly onlyThroughDistribution: boolean;
}
