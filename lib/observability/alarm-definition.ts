import type { IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

export interface AlarmDefinition {
  readonly name: string;
  readonly runbook: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** Raised at this value and above. */
  readonly threshold: number;
  /** 1 by default. */
  readonly periods?: number;
  /** All by default. */
  readonly breaching?: number;
  readonly missing?: TreatMissingData;
}

export interface WatchedQueues {
  readonly consumerQueues: readonly string[];
  readonly timersQueue: string;
  readonly timersGroup: string;
  readonly lanesQueue: string;
  readonly deadLetterQueues: readonly string[];
}
