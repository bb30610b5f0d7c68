import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import { isolated } from '../terminal-text.ts';

/** `3. urgent, waiting 4 min, Sam: I cannot log in` in one plain line, which screen readers read in order. */
export function queueLine(
  number: number,
  conversation: Conversation,
  nameOf: (userId: string) => string,
  now: number,
): string {
  const { status = 'waiting', priority, waitingSince, customerId, assigneeId, sla, tags = [] } = conversation;
  const minutes = waitingSince === undefined ? undefined : Math.floor((now - Date.parse(waitingSince)) / 60_000);
  const parts = [
    ...(priority === undefined || priority === 'medium' ? [] : [priority]),
    status === 'active' && assigneeId !== undefined ? `with ${isolated(nameOf(assigneeId))}` : status,
    ...(minutes === undefined ? [] : [`customer waits ${Math.max(0, minutes)} min`]),
    ...(sla === undefined || sla.state === 'active' || sla.state === 'met' ? [] : [`service level ${sla.state}`]),
    ...tags.map((tag) => `#${isolated(tag)}`),
    ...(customerId === undefined ? [] : [isolated(nameOf(customerId))]),
  ];
  return `${number}. ${parts.join(', ')}: ${isolated(textOf(conversation)).replaceAll('\n', ' ')}`;
}

function textOf({ subject, lastMessage, wiped }: Conversation): string {
  if (wiped === true) return '(deleted)';
  return subject ?? lastMessage?.text ?? '(no subject)';
}
