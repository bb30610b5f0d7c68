import { conversationNotFound } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { recordsPublicKey, signRecord } from '../checkpoints/checkpoint-signature.ts';
import { isVisible } from '../log/access.ts';
import { loadForEntries, loadToRead } from '../log/load-conversation.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readForward } from '../log/log-store.ts';
import { withTargets } from '../timeline/entry-events.ts';
import { messageOf } from '../timeline/message-view.ts';
import { claimsOf, type SignedContent, transcriptType } from './signed-transcript.ts';
import { withinLimit } from './transcript-rules.ts';

export interface SignedPage {
  readonly content: string;
  readonly messages: number;
  /** Undefined at the end. */
  readonly next: number | undefined;
}

/** Entries after a position as the caller sees them, signed with the key of the checkpoints. */
export async function signedPage(
  principal: Principal,
  { conversationId, after, limit }: { readonly conversationId: string; readonly after: number; readonly limit: number },
): Promise<SignedPage | Refusal<typeof conversationNotFound>> {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const start = Math.max(after, conversation.access.visibleFrom - 1);
  const found = await readForward(conversation, start, limit);
  const settled = await withTargets(conversation, found);
  const current = await loadForEntries(principal, conversation, settled.values());
  if (current === undefined) return refuse(conversationNotFound);
  const owner = await ownerOf(current);
  const all = found.map((entry) => ({
    seq: entry.seq,
    hash: Buffer.from(entry.hash).toString('base64url'),
    ...(entry.kind.isShown && isVisible(entry, current.access)
      ? { message: messageOf(owner, settled.get(entry.seq) ?? entry, 'sent', current.access) }
      : {}),
  }));
  const entries = withinLimit(all);
  const isEnd = entries.length === all.length && found.length < limit;
  const content: SignedContent = {
    v: 1,
    tenantId: principal.scope.tenantId,
    conversationId,
    readerId: principal.userId,
    at: toTimestamp(now()),
    isEnd,
    entries: [...entries],
  };
  // JSON omits undefined members, and a verifier parses it.
  const transcript = JSON.parse(JSON.stringify(content)) as SignedContent;
  const [jws, key] = await settleAll([signRecord(transcriptType, claimsOf(transcript)), recordsPublicKey()]);
  const publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
  return {
    content: JSON.stringify({ transcript, proof: { jws, publicKey } }),
    messages: entries.filter(({ message }) => message !== undefined).length,
    next: isEnd ? undefined : (entries.at(-1)?.seq ?? start),
  };
}
