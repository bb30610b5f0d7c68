import { type ChatClientEvents, type ChatClientOptions, outboxOptions } from './chat-client-options.ts';
import type { ChatStore } from './chat-store.ts';
import type { Emitter } from './emitter.ts';
import { FollowedConversations, type FollowedConversationsOptions } from './followed-conversations.ts';
import { Outbox } from './outbox.ts';
import { createSender, type SenderOptions } from './sender.ts';
import type { ServerClock } from './server-clock.ts';

interface OutboxParts {
  readonly transport: SenderOptions;
  readonly clock: ServerClock;
  readonly ownUserId: string;
  readonly store: ChatStore;
  readonly conversations: FollowedConversations;
  readonly emitter: Emitter<ChatClientEvents>;
  readonly onError: (error: Error) => void;
}

/** Shows pending and stored changes in the open conversations. */
export function createChatOutbox(options: ChatClientOptions, parts: OutboxParts): Outbox {
  const { transport, clock, ownUserId, store, conversations, emitter, onError } = parts;
  return new Outbox({
    ...(options.random === undefined ? {} : { random: options.random }),
    ...{ ownUserId, clock, onError, attempt: createSender(transport) },
    isSupport: (conversationId) => store.state.inbox[conversationId]?.base.kind === 'support',
    onStored: (outcome, pending) => {
      if (outcome.conversation === undefined) conversations.addStored(outcome, pending);
      else store.addConversations([outcome.conversation]);
    },
    onState: (pending, state) => emitter.emit('outgoing', { pending, state }),
    onChange: (conversationId, pending) => {
      conversations.view(conversationId)?.setPending(pending);
      emitter.emit('pending', { conversationId, pending });
    },
    ...outboxOptions(options),
  });
}

/** Shows open conversations in the state, and announces their messages. */
export function followConversations(
  options: Omit<FollowedConversationsOptions, 'onChange' | 'onMessage' | 'onChangedMessage'>,
  emitter: Emitter<ChatClientEvents>,
  store: ChatStore,
): FollowedConversations {
  return new FollowedConversations({
    ...options,
    onChange: (timeline) => {
      store.dispatch({ type: 'timeline', timeline });
      emitter.emit('timeline', timeline);
    },
    onMessage: (message) => emitter.emit('message', message),
    onChangedMessage: (message) => emitter.emit('message-changed', message),
  });
}
