import type { Message } from '../contract/schemas/message.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';

interface StoredMessage {
  readonly kind: 'written' | 'duplicate';
  readonly message: Message;
}

/** Answers 201 for a new message and 200 for a repetition. */
export function storedAnswer<Outcome>(
  outcome: Outcome | StoredMessage,
): { readonly status: 201 | 200; readonly body: Message } | Extract<Outcome, Refusal> {
  if (isRefusal(outcome)) return outcome as Extract<Outcome, Refusal>;
  const { kind, message } = outcome as StoredMessage;
  return { status: kind === 'written' ? 201 : 200, body: message };
}
