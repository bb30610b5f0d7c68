import {
  type ChatState,
  conversationsOf,
  emptyChat,
  messagesIn,
  reduceChat,
} from '../../../shared/client/chat-state-rules.ts';
import { isCertain } from '../../../shared/client/inbox-rules.ts';
import { serverEventOf } from '../../../shared/client/server-event.ts';
import { beginningOf, positionOf } from '../../../shared/client/timeline.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { Frame } from '../raw-client.ts';

export interface Page {
  readonly items: readonly Message[];
  readonly covers: { readonly after: number; readonly through: number };
  readonly nextCursor: string | null;
}

export interface Snapshot {
  readonly conversations: readonly Conversation[];
  /** Each page is the whole history. */
  readonly pages: ReadonlyMap<string, Page>;
}

/** Immutable. The client's own rules compute it. */
export class Replica {
  readonly #state: ChatState;

  private constructor(state: ChatState) {
    this.#state = state;
  }

  static fresh(ownUserId: string, snapshot: Snapshot): Replica {
    const conversations = { type: 'conversations', conversations: snapshot.conversations } as const;
    return new Replica(reduceChat(emptyChat(ownUserId), conversations)).opened(snapshot);
  }

  opened({ pages }: Snapshot): Replica {
    const unopened = Object.keys(this.#state.inbox).filter((id) => this.#state.timelines[id] === undefined);
    const states = unopened.reduce((state, conversationId) => {
      const page = pages.get(conversationId);
      if (page === undefined) return state;
      const after = page.nextCursor === null ? 0 : page.covers.after;
      const covers = { after, through: Math.max(after, page.covers.through) };
      return reduceChat(state, { type: 'page', conversationId, messages: page.items, covers });
    }, this.#state);
    return new Replica(states);
  }

  upTo(conversationId: string, through: number, { pages }: Snapshot): Replica {
    const forgotten = reduceChat(this.#state, { type: 'forgotten', conversationId, inbox: false });
    const messages = (pages.get(conversationId)?.items ?? []).filter(({ seq }) => seq <= through);
    return new Replica(
      reduceChat(forgotten, { type: 'page', conversationId, messages, covers: { after: 0, through } }),
    );
  }

  applied(frames: readonly Frame[]): Replica {
    const events = frames.map(serverEventOf).filter((event) => event !== undefined);
    return new Replica(
      events.reduce((state, event) => reduceChat(state, { type: 'event', event, now: 0 }), this.#state),
    );
  }

  /** Loads missing conversations and missing parts of timelines. Parts from before the user joined are empty. */
  settled({ conversations, pages }: Snapshot): Replica {
    const uncertain = conversations.filter(({ id }) => {
      const entry = this.#state.inbox[id];
      return entry !== undefined && !isCertain(entry, this.#state.ownUserId);
    });
    const asked = reduceChat(this.#state, { type: 'conversations', conversations: uncertain });
    const states = Object.keys(asked.timelines).reduce((state, conversationId) => {
      const covers = { after: 0, through: pages.get(conversationId)?.covers.after ?? 0 };
      return covers.through <= 0 ? state : reduceChat(state, { type: 'page', conversationId, messages: [], covers });
    }, asked);
    return new Replica(states);
  }

  positions(): Readonly<Record<string, number>> {
    const open = Object.values(this.#state.timelines);
    return Object.fromEntries(open.map((timeline) => [timeline.conversationId, positionOf(timeline) ?? 0]));
  }

  /** Everything on a screen, except messages that a user may not load after joining again. */
  shown({ pages }: Snapshot): unknown {
    const byId = (first: { userId: string }, second: { userId: string }) => (first.userId < second.userId ? -1 : 1);
    return conversationsOf(this.#state).map((conversation) => {
      const timeline = this.#state.timelines[conversation.id];
      const hidden = pages.get(conversation.id)?.covers.after ?? 0;
      const messages = messagesIn(this.#state, conversation.id).filter(({ seq }) => seq > hidden);
      // Clients receive no watermarks for messages from before they joined.
      const came = messages.findLast(({ system }) => system?.kind === 'joined')?.seq ?? 0;
      const timeless = (message: Message | undefined) =>
        message === undefined || message.seq > came ? message : { ...message, status: undefined };
      return {
        ...conversation,
        participants: conversation.participants.toSorted(byId),
        lastMessage: timeless(conversation.lastMessage),
        messages: messages.map(timeless),
        covered: timeline && [beginningOf(timeline), positionOf(timeline)],
      };
    });
  }
}
