import { type Charge, prices } from './prices.ts';

/** The counts of everything that AWS charges for. */
export type Usage = Readonly<Record<Charge, number>>;

export interface Cost {
  /** Dollars for a million messages. */
  readonly dollarsPerMillion: number;
  /** The dollars of each charge that is not zero. */
  readonly parts: Readonly<Partial<Record<Charge, number>>>;
}

/** API Gateway charges a frame per started 32 KB. https://aws.amazon.com/api-gateway/pricing/ */
const bytesPerFrameUnit = 32 * 1024;

/**
 * The assumed duration of an invocation, which a local run cannot count: 15 ms, and 2 ms for each AWS call beyond the
 * four of a direct message. The SDK needs about 0.6 ms of a full processor per call, and 512 MiB have 0.29 processors.
 * Cold starts are excluded.
 */
export const assumedDuration = { ms: 15, callsIncluded: 4, msPerFurtherCall: 2 } as const;

/** The units that API Gateway charges for a frame. */
export function frameUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerFrameUnit));
}

/** The GB-seconds of an invocation of the assumed duration. AWS counts a GB as 1024 MiB. */
export function gibSecondsOf(memoryMiB: number, awsCalls: number): number {
  const further = Math.max(0, awsCalls - assumedDuration.callsIncluded);
  const ms = Math.ceil(assumedDuration.ms + further * assumedDuration.msPerFurtherCall);
  return (memoryMiB / 1024) * (ms / 1000);
}

/** The cost of a million messages, from the usage of `messages` messages. */
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
