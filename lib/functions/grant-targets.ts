import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What the grants of the function definitions refer to. */
export interface GrantTargets {
  readonly stagePrefix: string;
  readonly table: ITableV2;
  readonly keysTable: TableV2;
  /** Encrypts the tables at rest. */
  readonly tableKey: IKey;
  readonly dataKey: IKey;
  /** Keys that sign access tokens: the first one signs, all are published. Only the stack `api` has them. */
  readonly signingKeys?: readonly IKey[];
  readonly filesBucket: IBucket;
  /** The bucket’s ARN as cdk-nag writes it in its findings. */
  readonly filesBucketFinding: string;
  /** Encrypts the files. */
  readonly filesKey: IKey;
  readonly recordsBucket: IBucket;
  /** Its ARN in the format of cdk-nag's findings. */
  readonly recordsBucketFinding: string;
  /** Signs records. */
  readonly recordsKey: IKey;
  readonly eventBus?: EventBus;
  readonly publicUrl: string;
  readonly socketEndpoint: string;
  /** `arn:…:execute-api:…:<api>/<stage>` of the WebSocket API. */
  readonly socketStageArn: string;
  /** The same as cdk-nag writes it in its findings. */
  readonly socketStageFinding: string;
  readonly mailFrom: string;
  readonly originKey: string;
  readonly onlyThroughDistribution: boolean;
}
