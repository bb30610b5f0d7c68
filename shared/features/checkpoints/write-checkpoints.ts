import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf, isLogEntry, type Key } from '../../core/table/keys.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type LogEnd, newestEnds } from './checkpoint-rules.ts';
import { signCheckpoint } from './checkpoint-signature.ts';
import { storeCheckpoint } from './checkpoint-store.ts';

/**
 * Stores one signed checkpoint for each tenant outside the table. A batch that arrives twice creates two equal
 * checkpoints.
 * @returns the changes to deliver again.
 */
export async function writeCheckpoints(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const byTenant = Map.groupBy(changes.filter(isNewEntry), ({ scope }) => scope.tenantId);
  const failed = await settleAll([...byTenant.values()].map(checkpointTenant));
  return failed.flat();
}

async function checkpointTenant(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const scope = changes[0]?.scope;
  if (scope === undefined) return [];
  try {
    await storeCheckpoint(scope, await signCheckpoint(checkpointOf(scope, changes)));
    return [];
  } catch (error) {
    log('error', 'checkpoint.failed', { tenantId: scope.tenantId }, error);
    count('Failures');
    return changes;
  }
}

function checkpointOf(scope: TenantScope, changes: readonly ItemChange[]) {
  return {
    v: 1,
    tenantId: scope.tenantId,
    at: toTimestamp(now()),
    ends: newestEnds(changes.flatMap((change) => endOf(scope, change) ?? [])),
  } as const;
}

function isNewEntry({ kind, item, key }: ItemChange): boolean {
  return kind === 'insert' && item !== undefined && isLogEntry(key);
}

/** Undefined for an item that no function wrote: it must not prevent the signing of other logs. */
function endOf(scope: TenantScope, { key, item }: ItemChange): LogEnd | undefined {
  const conversationId = conversationIdOf(key);
  const { seq, hash } = fromStoredEntry(item as unknown as StoredEntry & Key) as Partial<LogEntry>;
  if (hash instanceof Uint8Array && Number.isSafeInteger(seq)) {
    return { conversationId, seq: seq ?? 0, hash: Buffer.from(hash).toString('base64url') };
  }
  log('error', 'checkpoint.malformed', { tenantId: scope.tenantId, conversationId });
  count('Failures');
  return undefined;
}
