import { decodeTime } from 'ulid';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { newest } from '../log/log-tail.ts';
import { readEntry, readForward, readTail } from '../log/log-store.ts';
import { LogVerifier, type Tampering } from '../log/log-verifier.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type Checkpoint, compareWithLog } from './checkpoint-rules.ts';
import { openCheckpoint, recordsPublicKey } from './checkpoint-signature.ts';
import { checkpointsSince } from './checkpoint-store.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';

export interface ConversationVerdict {
  readonly entries: number;
  /** Absent if the log is unchanged. `end`: an entry in a checkpoint differs from the log's, or the log lacks it. */
  readonly tampering?: Tampering | { readonly seq: number; readonly reason: 'end' };
  /** The newest entry that a signed checkpoint confirms. Later entries could be removed without a trace. */
  readonly anchored?: { readonly seq: number; readonly at: string };
  /** Their signatures are not valid. */
  readonly forgedCheckpoints: number;
}

const pageEntries = 500;
/** Limit of repeated reads of messages that change meanwhile. */
const readings = 10;

/**
 * Verifies the chain, the contents, each message against its changes, and the log against every signed checkpoint.
 * Others may write meanwhile.
 *
 * Reads the whole log and one object for each checkpoint of the tenant: about twelve an hour for each stream shard with
 * its writes. Memory grows by about 300 bytes an entry.
 * @returns undefined if the conversation has no log.
 */
export async function verifyConversation(
  scope: TenantScope,
  conversationId: string,
): Promise<ConversationVerdict | undefined> {
  const item = await readConversation(scope, conversationId);
  const owner =
    item === undefined
      ? { scope, conversationId, keys: await tenantKeys(scope) }
      : await ownerOf({ scope, conversationId, item });
  // Read the checkpoints before the log, so that the log must have every entry that they name.
  const { checkpoints, forged } = await checkpointsOf(scope, conversationId);
  const log = await readAndVerify(owner);
  const { anchored, brokenAt } = compareWithLog(conversationId, checkpoints, (seq) => {
    const hash = log.verifier.hashAfter(seq);
    return hash && Buffer.from(hash).toString('base64url');
  });
  const tampering = log.tampering ?? (brokenAt === undefined ? undefined : ({ seq: brokenAt, reason: 'end' } as const));
  if (log.verifier.length === 0 && tampering === undefined) return undefined;
  return {
    entries: log.verifier.length,
    ...(tampering === undefined ? {} : { tampering }),
    ...(anchored === undefined ? {} : { anchored }),
    forgedCheckpoints: forged,
  };
}

interface VerifiedLog {
  readonly verifier: LogVerifier;
  readonly tampering: Tampering | undefined;
}

async function readAndVerify(owner: LogOwner): Promise<VerifiedLog> {
  const verifier = new LogVerifier(owner);
  const ended = (tampering?: Tampering): VerifiedLog => ({ verifier, tampering });
  for (let reading = 1; ; reading += 1) {
    // Read before the pages, so that a new entry is no gap.
    const end = newest((await readTail(owner, { consistent: true })).tail)?.seq ?? 0;
    for (;;) {
      const page = await readForward(owner, verifier.length, pageEntries);
      for (const entry of page) {
        const tampering = verifier.add(entry);
        if (tampering !== undefined) return ended(tampering);
      }
      if (page.length < pageEntries) break;
    }
    if (verifier.length < end) return ended({ seq: verifier.length + 1, reason: 'gap' });
    const [misfolded, ...others] = verifier.misfolded();
    if (misfolded === undefined) return ended();
    if (reading === readings) return ended({ seq: misfolded, reason: 'fold' });
    for (const seq of [misfolded, ...others]) {
      const entry = await readEntry(owner, seq);
      if (entry !== undefined) verifier.readAgain(entry);
    }
  }
}

async function checkpointsOf(
  scope: TenantScope,
  conversationId: string,
): Promise<{ readonly checkpoints: readonly Checkpoint[]; readonly forged: number }> {
  const key = await recordsPublicKey();
  const checkpoints: Checkpoint[] = [];
  let forged = 0;
  // The log's first entry may be younger than one that was removed.
  for await (const jws of checkpointsSince(scope, decodeTime(conversationId))) {
    const checkpoint = openCheckpoint(jws, key);
    if (checkpoint?.tenantId !== scope.tenantId) {
      forged += 1;
      continue;
    }
    const ends = checkpoint.ends.filter((end) => end.conversationId === conversationId);
    if (ends.length > 0) checkpoints.push({ ...checkpoint, ends });
  }
  return { checkpoints, forged };
}
