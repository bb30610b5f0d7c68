import { createHmac } from 'node:crypto';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import type { LogEntry } from './log-entry.ts';

type ChainKey = Pick<TenantKeys, 'chain'>;

/** The hash before the first entry. It names the conversation, so that one log cannot pass for another's. */
export function chainStart(keys: ChainKey, conversationId: string): Uint8Array {
  return createHmac('sha256', keys.chain).update(`switchboard/log/v2/${conversationId}`).digest();
}

/**
 * Links an entry to all entries before it: HMAC-SHA-256, under the tenant's key, over the previous hash and every fact
 * of the entry. Writing the table is not enough to make a hash that fits: the key is needed too.
 *
 * The content takes part through its keyed digest, so the chain stays verifiable after a content is erased. Changes that
 * later entries make to a message take part with those entries. `entryId` and `origin` state nothing about the
 * conversation and are left out.
 */
export function chainHash(
  keys: ChainKey,
  previous: Uint8Array,
  entry: Omit<LogEntry, 'hash' | 'content' | 'entryId' | 'origin' | 'changes'>,
): Uint8Array {
  const { seq, kind, senderId, clientMessageId, createdAt, target, urgent, state } = entry;
  const facts = [
    seq,
    kind.name,
    senderId,
    clientMessageId,
    createdAt,
    target ?? 0,
    urgent,
    state.count,
    state.revision,
  ];
  return createHmac('sha256', keys.chain).update(previous).update(entry.digest).update(JSON.stringify(facts)).digest();
}
