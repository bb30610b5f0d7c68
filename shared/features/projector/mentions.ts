import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import { openContent } from '../log/log-content.ts';
import type { ChangedEntry } from './changed-entry.ts';

export interface Mentions {
  readonly idsByEntry: ReadonlyMap<ChangedEntry, readonly string[]>;
  /** Messages whose tenant’s keys could not be read. */
  readonly unknown: ReadonlySet<ChangedEntry>;
}

/** Mentions are part of the encrypted content. A content that cannot be decrypted counts as one without mentions. */
export async function mentionsIn(appended: readonly ChangedEntry[]): Promise<Mentions> {
  const idsByEntry = new Map<ChangedEntry, readonly string[]>();
  const unknown = new Set<ChangedEntry>();
  // Support conversations have keys and notifications of their own.
  const messages = appended.filter(({ entry }) => entry.kind.isMessage && entry.isOfSupport !== true);
  await settleAll(
    [...Map.groupBy(messages, ({ scope }) => scope.tenantId)].map(async ([tenantId, ofTenant]) => {
      const keys = await keysOf(ofTenant);
      for (const changedEntry of ofTenant) {
        if (keys === undefined) unknown.add(changedEntry);
        else idsByEntry.set(changedEntry, mentionsOf(keys, tenantId, changedEntry));
      }
    }),
  );
  return { idsByEntry, unknown };
}

async function keysOf(ofTenant: readonly ChangedEntry[]): Promise<TenantKeys | undefined> {
  const scope = ofTenant[0]?.scope;
  try {
    return scope && (await tenantKeys(scope));
  } catch (error) {
    log('error', 'mentions.not-read', { tenantId: scope?.tenantId, count: ofTenant.length }, error);
    count('Failures');
    return undefined;
  }
}

function mentionsOf(keys: TenantKeys, tenantId: string, changedEntry: ChangedEntry): readonly string[] {
  const { scope, conversationId, entry } = changedEntry;
  try {
    return (openContent({ keys, scope, conversationId }, entry) as MessageContent).mentions ?? [];
  } catch (error) {
    log('error', 'mentions.not-decrypted', { tenantId, conversationId, seq: entry.seq }, error);
    count('Failures');
    return [];
  }
}
