import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** The resources and values that grants refer to. */
export interface GrantTargets {
  readonly stagePrefix: string;
  readonly table: ITableV2;
  readonly keysTable: TableV2;
  readonly tableKey: IKey;
  readonly dataKey: IKey;
  /** Keys that sign access tokens. The first one signs, and all are published. Only the stack `api` has them. */
  readonly signingKeys?: readonly IKey[];
  readonly filesBucket: IBucket;
  /** The bucket's ARN in the format of cdk-nag's findings. */
  readonly filesBucketFinding: string;
  readonly filesKey: IKey;
  readonly recordsBucket: IBucket;
  /** The bucket's ARN in the format of cdk-nag's findings. */
  readonly recordsBucketFinding: string;
  readonly recordsKey: IKey;
  readonly eventBus?: EventBus;
  readonly publicUrl: string;
  readonly socketEndpoint: string;
  /** `arn:…:execute-api:…:<api>/<stage>` of the WebSocket API. */
  readonly socketStageArn: string;
  /** The same ARN in the format of cdk-nag's findings. */
  readonly socketStageFinding: string;
  readonly mailFrom: string;
  readonly originKey: string;
  readonly onlyThroughDistribution: boolean;
}
