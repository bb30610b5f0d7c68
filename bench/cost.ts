import { type Charge, prices } from './prices.ts';

export type Usage = Readonly<Record<Charge, number>>;

export interface Cost {
  readonly dollarsPerMillion: number;
  readonly parts: Readonly<Partial<Record<Charge, number>>>;
}

/** API Gateway charges per started 32 KB. https://aws.amazon.com/api-gateway/pricing/ */
const bytesPerFrameUnit = 32 * 1024;

/**
 * Assumed: 15 ms, and 2 ms for each AWS call beyond four. The SDK needs about 0.6 ms of a full processor per call, and
 * 512 MiB have 0.29 processors. Excludes cold starts.
 */
export const assumedDuration = { ms: 15, callsIncluded: 4, msPerFurtherCall: 2 } as const;

export function frameUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerFrameUnit));
}

/** AWS counts a GB as 1024 MiB. */
export function gibSecondsOf(memoryMiB: number, awsCalls: number): number {
  const further = Math.max(0, awsCalls - assumedDuration.callsIncluded);
  const ms = Math.ceil(assumedDuration.ms + further * assumedDuration.msPerFurtherCall);
  return (memoryMiB / 1024) * (ms / 1000);
}

export function costPerMillion(usage: Usage, messages: number): Cost {
  if (messages <= 0) throw new RangeError('A cost per message needs at least one message');
  const charged = (Object.keys(prices) as Charge[])
    .map((charge) => [charge, (usage[charge] / messages) * prices[charge].perMillion] as const)
    .filter(([, dollars]) => dollars > 0);
  return {
    dollarsPerMillion: charged.reduce((sum, [, dollars]) => sum + dollars, 0),
    parts: Object.fromEntries(charged),
  };
}
