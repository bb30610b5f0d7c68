import type { Resource } from '../contract.ts';
import { compileEventPattern } from '../services/events/event-pattern.ts';
import type { EventPattern } from '../services/events/event-pattern.ts';

export interface Mapping {
  readonly id: string;
  readonly sourceArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly startsAtOldest: boolean;
  readonly bisects: boolean;
  /** -1: without limit. */
  readonly maximumRetries: number;
  readonly maximumAgeMs: number;
  readonly onFailureArn: string | undefined;
  readonly reportsItems: boolean;
  /** Streams: concurrent batches of a shard. */
  readonly parallelizationFactor: number;
  /** Queues: concurrent batches. */
  readonly maximumConcurrency: number;
  readonly matches: EventPattern;
}

/** Lambda adds more under load. */
const concurrencyAtFirst = 5;

/** Other ARNs stay unchanged. */
export function tableArnOf(sourceArn: string): string {
  return sourceArn.replace(/\/stream\/.*$/, '');
}

/** Undefined if disabled. */
export function readMapping(resource: Resource): Mapping | undefined {
  const properties = resource.properties as {
    Enabled?: boolean;
    EventSourceArn?: string;
    FunctionName: string;
    BatchSize?: number;
    MaximumBatchingWindowInSeconds?: number;
    StartingPosition?: string;
    BisectBatchOnFunctionError?: boolean;
    MaximumRetryAttempts?: number;
    MaximumRecordAgeInSeconds?: number;
    DestinationConfig?: { OnFailure?: { Destination?: string } };
    FunctionResponseTypes?: string[];
    ParallelizationFactor?: number;
    ScalingConfig?: { MaximumConcurrency?: number };
    FilterCriteria?: { Filters?: { Pattern: string }[] };
  };
  if (properties.Enabled === false) return undefined;
  const sourceArn = properties.EventSourceArn;
  if (sourceArn === undefined) throw new Error(`${resource.logicalId}: EventSourceArn is needed.`);
  const maximumAge = properties.MaximumRecordAgeInSeconds ?? -1;
  const patterns = (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }) =>
    compileEventPattern(JSON.parse(Pattern)),
  );
  return {
    id: `${resource.stack}.${resource.logicalId}`,
    sourceArn,
    functionName: properties.FunctionName.split(':function:').at(-1)?.split(':')[0] ?? properties.FunctionName,
    batchSize: properties.BatchSize ?? (sourceArn.includes(':sqs:') ? 10 : 100),
    windowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    startsAtOldest: properties.StartingPosition !== 'LATEST',
    bisects: properties.BisectBatchOnFunctionError ?? false,
    maximumRetries: properties.MaximumRetryAttempts ?? -1,
    maximumAgeMs: maximumAge < 0 ? Number.POSITIVE_INFINITY : maximumAge * 1000,
    onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    reportsItems: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    parallelizationFactor: properties.ParallelizationFactor ?? 1,
    maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? concurrencyAtFirst,
    matches: patterns.length === 0 ? () => true : (event) => patterns.some((matches) => matches(event)),
  };
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @returns `'all'` for a malformed list, or an empty or unknown identifier.
 */
export function failedItems(payload: unknown, identifiersOfBatch: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  const failures = (payload as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const identifiers = new Set<string>();
  for (const failure of failures as ({ itemIdentifier?: unknown } | null)[]) {
    const identifier = failure?.itemIdentifier;
    if (typeof identifier !== 'string' || !identifiersOfBatch.has(identifier)) return 'all';
    identifiers.add(identifier);
  }
  return identifiers;
}
