/**
 * How far an environment can rely on what it remembers of conversations. Where few environments serve a tenant, what
 * one remembers is mostly current, and using it saves a read. Where many do, others have mostly written since: then a
 * look at what is new (half a read unit) is cheaper than a write that fails (a write unit, and the look after all).
 */
export interface MemoryTrust {
  /** Share of the remembered conversations that were current when they were used; recent ones weigh more. */
  readonly currentShare: number;
}

export const fullTrust: MemoryTrust = { currentShare: 1 };

const weightOfOne = 0.1;
/** Below this share looking first costs less: (1 − share) × (1 write + 1 read) > ½ read, at list prices. */
const leastShare = 0.92;

export function observed(trust: MemoryTrust, wasCurrent: boolean): MemoryTrust {
  return { currentShare: trust.currentShare * (1 - weightOfOne) + (wasCurrent ? weightOfOne : 0) };
}

export function isTrustworthy(trust: MemoryTrust): boolean {
  return trust.currentShare >= leastShare;
}
