import { now } from '../../core/runtime/clock.ts';
import { deviceKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** One push to one device. */
export interface SentPush {
  readonly eventId: string;
  readonly userId: string;
  readonly deviceId: string;
  /** Then, the push is never sent again. Milliseconds since the epoch. */
  readonly validUntil: number;
}

const spareMs = 60 * 60 * 1000;

const keyOf = ({ eventId, userId, deviceId }: SentPush) => deviceKeys.sentPush(eventId, userId, deviceId);

interface SentItem {
  readonly sentAt?: number;
  /** The push was not sent, and the repetition of the event sends it. */
  readonly failedAt?: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** True for one caller only, unless {@link unmarkSent} follows. */
export async function markSent(scope: TenantScope, push: SentPush): Promise<boolean> {
  const at = now();
  const item: SentItem = { sentAt: at, expiresAt: expiryOf(push, at) };
  const outcome = await tenantTable(scope).put(keyOf(push), item, {
    expression: 'attribute_not_exists(#pk) OR attribute_exists(#failedAt)',
  });
  return outcome.written;
}

/** Reads consistently. */
export async function isMarkedSent(scope: TenantScope, push: SentPush): Promise<boolean> {
  const item = await tenantTable(scope).get<SentItem>(keyOf(push), { consistent: true });
  return item !== undefined && item.failedAt === undefined;
}

/** After a failure, so that the repetition of the event sends the push. */
export async function unmarkSent(scope: TenantScope, push: SentPush): Promise<void> {
  const at = now();
  const item: SentItem = { failedAt: at, expiresAt: expiryOf(push, at) };
  await tenantTable(scope).put(keyOf(push), item);
}

/** After it, the event sends nothing, because the push is no longer valid. */
function expiryOf({ validUntil }: SentPush, at: number): number {
  return Math.ceil((Math.max(validUntil, at) + spareMs) / 1000);
}
