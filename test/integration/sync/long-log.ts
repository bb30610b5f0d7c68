import { ulid } from 'ulid';
import { messageKind } from '../../../shared/features/log/entry-kinds.ts';
import type { TestRun } from '../harness.ts';
import type { SignedIn } from '../raw-client.ts';
import { logAccess } from '../system/log-access.ts';

/** Bypasses the API, because tests need over a thousand messages. Sets `process.env`. */
export async function writeMessages(
  test: TestRun,
  who: SignedIn,
  conversationId: string,
  texts: readonly string[],
): Promise<void> {
  const { scope, keys } = await logAccess(test.run, who.tenantId);
  const { appendToLog } = await import('../../../shared/features/log/append-to-log.ts');
  const { claimedTime } = await import('../../../shared/features/log/client-message-id.ts');
  const { digestOf } = await import('../../../shared/features/log/log-content.ts');
  const { readTail } = await import('../../../shared/features/log/log-store.ts');

  const owner = { scope, conversationId, keys };
  let { tail } = await readTail(owner, { consistent: true });
  for (const text of texts) {
    const clientMessageId = ulid();
    const content = { type: 'text', text } as const;
    const command = {
      kind: messageKind,
      senderId: who.userId,
      clientMessageId,
      claimedAt: claimedTime(clientMessageId),
      digest: digestOf(keys, content),
      perMinute: null,
    } as const;
    const written = await appendToLog(owner, tail, { command, content, origin: undefined });
    if (written.outcome.kind !== 'written') throw new Error(`A message was ${written.outcome.kind}`);
    tail = written.tail;
  }
}
