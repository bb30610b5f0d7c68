import { type Charge, prices } from './prices.ts';

/** How many of what AWS charges for. */
export type Usage = Readonly<Record<Charge, number>>;

export interface Cost {
  /** Dollars for a million messages. */
  readonly dollarsPerMillion: number;
  /** The same by what is charged for; what costs nothing is left out. */
  readonly parts: Readonly<Partial<Record<Charge, number>>>;
}

/** API Gateway charges a frame for each begun 32 KB. https://aws.amazon.com/api-gateway/pricing/ */
const bytesPerFrameUnit = 32 * 1024;

/**
 * How long an invocation is billed for, which no local run can count. Assumed: 15 ms, and 2 ms more for each AWS call
 * beyond the four of a message from one to one. A call takes the SDK about 0.6 ms of a whole processor, of which 512 MiB
 * have 0.29. Cold starts are left out.
 */
export const assumedDuration = { ms: 15, callsIncluded: 4, msPerFurtherCall: 2 } as const;

/** Units that frames of a size are charged as. */
export function frameUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerFrameUnit));
}

/** GB-seconds of an invocation, by what is assumed of its duration. AWS counts a GB as 1024 MiB. */
export function gibSecondsOf(memoryMiB: number, awsCalls: number): number {
  const further = Math.max(0, awsCalls - assumedDuration.callsIncluded);
  const ms = Math.ceil(assumedDuration.ms + further * assumedDuration.msPerFurtherCall);
  return (memoryMiB / 1024) * (ms / 1000);
}

/** What a million messages cost if `messages` of them used this much. */
export function costPerMillion(usage: Usage, messages: number): Cost {
  if (messages <= 0) throw new RangeError('A cost per message needs messages');
  const charged = (Object.keys(prices) as Charge[])
    .map((charge) => [charge, (usage[charge] / messages) * prices[charge].perMillion] as const)
    .filter(([, dollars]) => dollars > 0);
  return {
    dollarsPerMillion: charged.reduce((sum, [, dollars]) => sum + dollars, 0),
    parts: Object.fromEntries(charged),
  };
}
