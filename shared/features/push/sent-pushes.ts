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

/** True for one caller only, unless {@link unmarkSent} follows. */
export async function markSent(scope: TenantScope, push: SentPush): Promise<boolean> {
  const at = now();
  const expiresAt = Math.ceil((Math.max(push.validUntil, at) + spareMs) / 1000);
  const outcome = await tenantTable(scope).put(
    keyOf(push),
    { sentAt: at, expiresAt },
    { expression: 'attribute_not_exists(#pk)' },
  );
  return outcome.written;
}

export async function isMarkedSent(scope: TenantScope, push: SentPush): Promise<boolean> {
  return (await tenantTable(scope).get(keyOf(push), { consistent: true })) !== undefined;
}

/** After a failure, so that the repetition of the event sends the push. */
export async function unmarkSent(scope: TenantScope, push: SentPush): Promise<void> {
  await tenantTable(scope).delete(keyOf(push));
}
