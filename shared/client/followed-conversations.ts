import { entryOf, storedEntry } from './event-entry-rules.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';
import { ConversationView, type ConversationViewOptions } from './conversation-view.ts';
import type { ServerEvent } from './server-event.ts';
import type { Positions } from './socket-resume.ts';
import type { Timeline } from './timeline.ts';

export interface FollowedConversationsOptions extends Omit<ConversationViewOptions, 'conversationId'> {
  readonly isConnected: () => boolean;
}

/** Loses no entry between a fetched page and the current connection's events. */
export class FollowedConversations {
  readonly #options: FollowedConversationsOptions;
  readonly #views = new Map<string, ConversationView>();
  #covered = new Set<string>();

  constructor(options: FollowedConversationsOptions) {
    this.#options = options;
  }

  view(conversationId: string): ConversationView | undefined {
    return this.#views.get(conversationId);
  }

  ensure(conversationId: string): ConversationView {
    const existing = this.#views.get(conversationId);
    if (existing !== undefined) return existing;
    const view = new ConversationView({ ...this.#options, conversationId });
    this.#views.set(conversationId, view);
    return view;
  }

  async open(conversationId: string, limit: number): Promise<Timeline> {
    const view = this.ensure(conversationId);
    const before = { isConnected: this.#options.isConnected(), covered: this.#covered };
    const timeline = await view.open(limit);
    // A later connection catches up.
    if (this.#options.isConnected()) {
      // The connection missed entries between the page and its opening.
      if (!before.isConnected || before.covered !== this.#covered) view.catchUp();
      this.#covered.add(conversationId);
    }
    return timeline;
  }

  unfollow(conversationId: string): void {
    this.#views.get(conversationId)?.close();
    this.#views.delete(conversationId);
    this.#covered.delete(conversationId);
  }

  positions(): Positions {
    const positions = [...this.#views].flatMap(([conversationId, { position }]) =>
      position === undefined ? [] : [[conversationId, position] as const],
    );
    this.#covered = new Set(positions.map(([conversationId]) => conversationId));
    return Object.fromEntries(positions);
  }

  /** @param complete whether the connection received everything since its positions. */
  synchronised(complete: boolean): void {
    for (const [conversationId, view] of this.#views) {
      if (!complete || !this.#covered.has(conversationId)) view.catchUp();
      this.#covered.add(conversationId);
    }
  }

  apply(event: ServerEvent): void {
    if (event.type === 'snapshot.required') {
      const { messages, covers } = event.data;
      return this.#views.get(event.conversationId)?.restart(messages, covers);
    }
    const entry = entryOf(event);
    if (entry === undefined) return;
    const view = this.#views.get(event.conversationId);
    view?.add([entry]);
    if (entry.message?.support?.wiped === true) view?.wipe();
  }

  addStored(outcome: StoredOutcome, { conversationId, task }: PendingMessage): void {
    this.#views.get(conversationId)?.add([storedEntry(outcome, task)]);
  }

  close(): void {
    for (const view of this.#views.values()) view.close();
  }
}
