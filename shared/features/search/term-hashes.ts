import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { MessageType } from '../../contract/schemas/message.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';

/** Of 40 bits, one in a million millions is equal by chance; whoever finds one looks at the message itself. */
const tokenBytes = 5;

/** What the index can be asked for: a prefix of a word, or the type of a message. */
export type Term = { readonly prefix: string } | { readonly type: MessageType };

/** The key of a term in one conversation. Whoever has no key of the tenant cannot make it. */
export function termKey(keys: TenantKeys, conversationId: string, term: Term): KeyObject {
  const name = 'prefix' in term ? `prefix\n${term.prefix}` : `type\n${term.type}`;
  return createSecretKey(createHmac('sha256', keys.lookup).update(`search\n${conversationId}\n${name}`).digest());
}

/** What stands for a term in one message: nothing that stands for it in any other. */
export function tokenOf(key: KeyObject, seq: number): Uint8Array {
  return createHmac('sha256', key).update(String(seq)).digest().subarray(0, tokenBytes);
}

/** All tokens of a message, in an order that says nothing. */
export function tokensOf(keys: TenantKeys, conversationId: string, seq: number, terms: readonly Term[]): Uint8Array {
  const tokens = terms.map((term) => Buffer.from(tokenOf(termKey(keys, conversationId, term), seq)));
  return Buffer.concat(tokens.sort((one, other) => one.compare(other)));
}

/** Whether a message's tokens have those of all terms whose keys are given. */
export function hasAll(tokens: Uint8Array, termKeys: readonly KeyObject[], seq: number): boolean {
  const bytes = Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  return termKeys.every((key) => {
    const wanted = tokenOf(key, seq);
    for (let at = 0; at < bytes.length; at += tokenBytes) {
      if (bytes.subarray(at, at + tokenBytes).equals(wanted)) return true;
    }
    return false;
  });
}
