import { notASupportConversation } from '../../contract/desk/problems.ts';
import { conversationBusy, illegalTransition } from '../../contract/problems.ts';
import type { SupportStatus } from '../../contract/schemas/support.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';

/** @throws Error if other changes prevented every attempt, so that the service tries again later. */
export function throwIfBusy(outcome: object | Refusal): void {
  if (isRefusal(outcome) && outcome.refused.name === conversationBusy.name) {
    throw new Error('Other changes of the conversation prevented this one');
  }
}

export function refusalOfStatus(
  status: SupportStatus,
  needed: readonly SupportStatus[],
): Refusal<typeof illegalTransition> {
  const wanted = needed.map((each) => `\`${each}\``).join(' or ');
  return refuse(illegalTransition, { detail: `The conversation is \`${status}\`. This needs the status ${wanted}.` });
}

/** Cannot happen to a caller that has read the conversation: its kind never changes. */
export function isOtherKind(value: unknown): value is Refusal<typeof notASupportConversation> {
  return isRefusal(value) && value.refused.name === notASupportConversation.name;
}
