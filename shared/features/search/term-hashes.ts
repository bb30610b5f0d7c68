import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { MessageType } from '../../contract/schemas/message.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';

/** 40 bits: two hashes are equal by chance once in 10^12. The message itself is compared then. */
const hashBytes = 5;

export type Term = { readonly prefix: string } | { readonly type: MessageType };

export function termKey(keys: TenantKeys, conversationId: string, term: Term): KeyObject {
  const name = 'prefix' in term ? `prefix\n${term.prefix}` : `type\n${term.type}`;
  return createSecretKey(createHmac('sha256', keys.lookup).update(`search\n${conversationId}\n${name}`).digest());
}

/** The hash of a term differs in each message. */
export function termHashOf(key: KeyObject, seq: number): Uint8Array {
  return createHmac('sha256', key).update(String(seq)).digest().subarray(0, hashBytes);
}

/** The order of the hashes reveals nothing about the text. */
export function termHashesOf(
  keys: TenantKeys,
  conversationId: string,
  seq: number,
  terms: readonly Term[],
): Uint8Array {
  const hashes = terms.map((term) => Buffer.from(termHashOf(termKey(keys, conversationId, term), seq)));
  return Buffer.concat(hashes.sort((first, second) => first.compare(second)));
}

export function hasAll(hashes: Uint8Array, termKeys: readonly KeyObject[], seq: number): boolean {
  const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  return termKeys.every((key) => {
    const wanted = termHashOf(key, seq);
    for (let at = 0; at < bytes.length; at += hashBytes) {
      if (bytes.subarray(at, at + hashBytes).equals(wanted)) return true;
    }
    return false;
  });
}
