import { conversationNotFound } from '../../contract/problems.ts';
import { viewingStarted, viewingStopped } from '../../contract/events/server-events.ts';
import type { setViewing as setViewingRoute } from '../../contract/receipts/set-viewing.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { accessTo } from '../log/access.ts';
import { audienceOf } from '../log/audience.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { passOnSignal } from './pass-on-signal.ts';
import { viewingIntervalMs } from './typing-rules.ts';

/** Announces to the other agents that an agent has a support conversation open, or has left it. Never to customers. */
export const setViewing: UseCase<typeof setViewingRoute> = async (principal, { conversationId, viewing }) => {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation?.access.audiences.includes('agents') !== true) return refuse(conversationNotFound);
  const agents = (await audienceOf(conversation)).filter(
    (reader) => accessTo(conversation.item, reader)?.audiences.includes('agents') === true,
  );
  const event = viewing ? viewingStarted : viewingStopped;
  const signal = { principal, conversationId, event, kind: 'viewing', isStart: viewing } as const;
  await passOnSignal(
    { ...signal, intervalMs: viewingIntervalMs },
    agents.map(({ userId }) => userId),
  );
  return undefined;
};
