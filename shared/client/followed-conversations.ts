import { entryOf, storedEntry } from './event-entry-rules.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';
import { ConversationView, type ConversationViewOptions } from './conversation-view.ts';
import type { ServerEvent } from './server-event.ts';
import type { Positions } from './socket-resume.ts';
import type { Timeline } from './timeline.ts';

export interface FollowedConversationsOptions extends Omit<ConversationViewOptions, 'conversationId'> {
  readonly isConnected: () => boolean;
}

/**
 * The conversations that are open, each with its view. Sees to it that nothing falls between what was fetched and what
 * the connection of the moment brings.
 */
export class FollowedConversations {
  readonly #options: FollowedConversationsOptions;
  readonly #views = new Map<string, ConversationView>();
  /** Conversations that the newest connection covers: it resumed from their positions, or was there before them. */
  #covered = new Set<string>();

  constructor(options: FollowedConversationsOptions) {
    this.#options = options;
  }

  view(conversationId: string): ConversationView | undefined {
    return this.#views.get(conversationId);
  }

  /** Makes a view, or answers with the one there is. */
  ensure(conversationId: string): ConversationView {
    const existing = this.#views.get(conversationId);
    if (existing !== undefined) return existing;
    const view = new ConversationView({ ...this.#options, conversationId });
    this.#views.set(conversationId, view);
    return view;
  }

  /** Loads the newest messages of a conversation and follows it from then on. */
  async open(conversationId: string, limit: number): Promise<Timeline> {
    const view = this.ensure(conversationId);
    const before = { isConnected: this.#options.isConnected(), covered: this.#covered };
    const timeline = await view.open(limit);
    // Otherwise the connection is caught up with when it is synchronised.
    if (this.#options.isConnected()) {
      // A connection made meanwhile saw nothing of what came between the page and itself.
      if (!before.isConnected || before.covered !== this.#covered) view.catchUp();
      this.#covered.add(conversationId);
    }
    return timeline;
  }

  /** Follows a conversation no longer. */
  unfollow(conversationId: string): void {
    this.#views.get(conversationId)?.close();
    this.#views.delete(conversationId);
    this.#covered.delete(conversationId);
  }

  /** The positions for a connection that is about to be made. */
  positions(): Positions {
    const positions = [...this.#views].flatMap(([conversationId, { position }]) =>
      position === undefined ? [] : [[conversationId, position] as const],
    );
    this.#covered = new Set(positions.map(([conversationId]) => conversationId));
    return Object.fromEntries(positions);
  }

  /** The newest connection has brought everything missed; if not `complete`, only a part. */
  synchronised(complete: boolean): void {
    for (const [conversationId, view] of this.#views) {
      if (!complete || !this.#covered.has(conversationId)) view.catchUp();
      this.#covered.add(conversationId);
    }
  }

  /** Takes a lasting event. One that this client does not understand still counts. */
  take(event: ServerEvent): void {
    if (event.type === 'snapshot.required') {
      const { messages, covers } = event.data;
      return this.#views.get(event.conversationId)?.restart(messages, covers);
    }
    const entry = entryOf(event);
    if (entry !== undefined) this.#views.get(event.conversationId)?.add([entry]);
  }

  /** What was acknowledged is in the log. */
  store(outcome: StoredOutcome, { conversationId, task }: PendingMessage): void {
    this.#views.get(conversationId)?.add([storedEntry(outcome, task)]);
  }

  close(): void {
    for (const view of this.#views.values()) view.close();
  }
}
