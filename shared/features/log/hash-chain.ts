import { createHmac } from 'node:crypto';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { canonical } from './canonical-json-rules.ts';
import type { LogEntry } from './log-entry.ts';

type ChainKey = Pick<TenantKeys, 'chain'>;

/** Depends on the conversation's id, so that one log cannot replace another. */
export function chainStart(keys: ChainKey, conversationId: string): Uint8Array {
  return createHmac('sha256', keys.chain).update(`switchboard/log/v2/${conversationId}`).digest();
}

/**
 * HMAC-SHA-256, under the tenant's key, over the previous hash and the entry's attributes except `entryId` and
 * `origin`. Write access to the table is not enough to forge a hash.
 *
 * The hash covers the content through its keyed digest, so the chain remains verifiable after a content is erased.
 */
export function chainHash(
  keys: ChainKey,
  previous: Uint8Array,
  entry: Omit<LogEntry, 'hash' | 'content' | 'entryId' | 'origin' | 'changes'>,
): Uint8Array {
  const { seq, kind, senderId, clientMessageId, createdAt, target, deliversAgain, state, support } = entry;
  const attributes = [
    seq,
    kind.name,
    senderId,
    clientMessageId,
    createdAt,
    target ?? 0,
    deliversAgain,
    state.count,
    state.revision,
    ...(support === undefined ? [] : [canonical(support)]),
  ];
  return createHmac('sha256', keys.chain)
    .update(previous)
    .update(entry.digest)
    .update(JSON.stringify(attributes))
    .digest();
}
