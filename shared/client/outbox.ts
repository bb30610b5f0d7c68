import type { Message } from '../contract/schemas/message.ts';
import { newClientMessageId } from './client-message-id.ts';
import {
  isLocalConversation,
  localConversationId,
  queuedItem,
  startTaskOf,
  type SupportStart,
} from './support-start.ts';
import { errorOf } from './error-of.ts';
import { jsonCopy } from './json-copy.ts';
import { newMessageOf, type NewMessage, type OutgoingTask } from './outgoing-task.ts';
import { createsMessage } from './outgoing-task-rules.ts';
import { OutboxKeeper } from './outbox-keeper.ts';
import type { Outgoing, OutboxOptions } from './outbox-options.ts';
import { restored } from './outbox-rules.ts';
import { OutboxItem, OutboxLane } from './outbox-lane.ts';
import { joinTabs, type OutboxTabs, type TabMessage } from './outbox-tabs.ts';
import type { PendingMessage, StoredOutcome } from './pending-message.ts';

/**
 * Sends one item at a time per conversation, because the platform does not preserve the order of frames. Retries under
 * the same id until the server answers.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, OutboxLane>();
  readonly #keeper: OutboxKeeper | undefined;
  readonly #tabs: OutboxTabs | undefined;
  /** A late message of another tab must not add items again. */
  readonly #finished = new Set<string>();
  /** The server's ids of conversations that were started here, by their local ids. */
  readonly #created = new Map<string, string>();
  #lastOrder = 0;
  #leads: boolean;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { storage } = options;
    this.#leads = storage === undefined;
    for (const pending of options.restored ?? []) this.#restore(pending);
    if (storage === undefined) return;
    const { ownUserId = '' } = options;
    this.#keeper = new OutboxKeeper(storage, (error) => options.onError?.(error), ownUserId);
    const lead = (): void => void this.#lead();
    if (storage.sharedAs === undefined) lead();
    else {
      // Tabs of different users do not send for each other.
      const name = `${storage.sharedAs}:${ownUserId}`;
      this.#tabs = (options.joinTabs ?? joinTabs)(name, lead, (message) => this.#receive(message));
    }
  }

  send(conversationId: string, message: string | NewMessage): Outgoing {
    return this.add(conversationId, { kind: 'message', message: newMessageOf(message) });
  }

  start(start: SupportStart): Outgoing {
    return this.add(undefined, startTaskOf(start));
  }

  /**
   * @param knownId undefined for a new conversation.
   * @throws TypeError if JSON cannot represent the task. Nothing is added then.
   */
  add(knownId: string | undefined, originalTask: OutgoingTask): Outgoing {
    if (typeof knownId !== 'string' && originalTask.kind !== 'start') {
      throw new TypeError('The id of a conversation must be a string');
    }
    // This copy cannot change or fail to serialize later.
    const task = jsonCopy(originalTask);
    const writtenAt = this.#options.clock.now();
    const id = newClientMessageId(writtenAt);
    // The device's time orders items of several tabs. Three more digits order those of one millisecond.
    const order = Math.max(Date.now() * 1000, this.#lastOrder + 1);
    const conversationId = this.#currentId(knownId ?? localConversationId(id));
    const byUrgency = isLocalConversation(conversationId) || this.#options.isSupport?.(conversationId) === true;
    return this.#start(queuedItem(id, conversationId, { task, writtenAt, order, byUrgency }));
  }

  retry(conversationId: string, localId: string): Outgoing | undefined {
    const item = this.#find(conversationId, localId);
    if (item?.pending.state !== 'failed') return undefined;
    this.#lane(conversationId).remove(item);
    const { problem: _, ...rest } = item.pending;
    return this.#start({ ...rest, order: this.#lastOrder + 1, state: 'queued' });
  }

  /** Returns false if the server may have received the item. */
  discard(conversationId: string, localId: string): boolean {
    const item = this.#find(conversationId, localId);
    if (item === undefined) return false;
    const { state, uncertain } = item.pending;
    if (state !== 'failed' && (state === 'sending' || uncertain)) return false;
    // Without a start, there is no conversation to send the rest to.
    const discarded = item.pending.task.kind === 'start' ? (this.#lanes.get(conversationId)?.items ?? []) : [item];
    for (const each of discarded) {
      this.#remove(each);
      this.#post({ kind: 'settled', conversationId, localId: each.pending.localId });
    }
    return true;
  }

  /** Drops everything that waits for the conversation, also what the server may have received. */
  wipe(conversationId: string): void {
    for (const item of this.#lanes.get(conversationId)?.items ?? []) this.#remove(item);
  }

  /** The answer of a message in the log may be lost. */
  confirm(message: Message): void {
    const lane = this.#lanes.get(message.conversationId);
    const item = lane?.find((each) => createsMessage(each.task) && each.clientMessageId === message.clientMessageId);
    if (item !== undefined) this.#finish(item, { ok: true, message });
  }

  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake();
  }

  pending(conversationId: string): readonly PendingMessage[] {
    return this.#lanes.get(this.#currentId(conversationId))?.pending ?? [];
  }

  /** Conversations that the server has not created. */
  starts(): readonly PendingMessage[] {
    return [...this.#lanes.values()].flatMap(({ pending }) => pending.filter(({ task }) => task.kind === 'start'));
  }

  /** Pending items stay in the storage. Resolves once they are written. */
  close(): Promise<void> {
    this.#closed = true;
    this.#tabs?.leave();
    for (const lane of this.#lanes.values()) lane.stop();
    return this.#keeper?.written() ?? Promise.resolve();
  }

  async #lead(): Promise<void> {
    const kept = (await this.#keeper?.load()) ?? [];
    const lastOrder = Math.max(this.#lastOrder, ...kept.map(({ order }) => order));
    const keptIds = new Set(kept.map(({ localId }) => localId));
    for (const pending of kept) {
      const { conversationId, localId } = pending;
      if (this.#finished.has(localId)) continue;
      const item = this.#find(conversationId, localId);
      if (item === undefined) this.#restore(pending);
      // Another tab may have closed while sending it.
      else if (item.pending.state !== 'failed') item.pending = restored(item.pending);
    }
    this.#lastOrder = lastOrder;
    // Items written during the read come last, even after the device's clock was set back.
    for (const lane of this.#lanes.values()) {
      lane.moveToEnd(
        ({ localId, state }) => state !== 'failed' && !keptIds.has(localId),
        () => (this.#lastOrder += 1),
      );
    }
    this.#leads = true;
    for (const [conversationId, lane] of this.#lanes) {
      this.#options.onChange(conversationId, lane.pending);
      lane.run();
    }
  }

  #receive(message: TabMessage): void {
    if (this.#closed) return;
    if (message.kind === 'settled') {
      const item = this.#find(message.conversationId, message.localId);
      if (item === undefined) this.#finished.add(message.localId);
      else if (message.outcome?.ok === true) this.#finish(item, message.outcome);
      else this.#remove(item);
      return;
    }
    const { conversationId, localId, state, problem } = message.pending;
    const item = this.#find(conversationId, localId);
    if (item === undefined && !this.#finished.has(localId)) this.#insert(message.pending);
    // The leader's state wins, unless another tab retried a failed item.
    if (item !== undefined && (!this.#leads || item.pending.state === 'failed')) {
      item.pending = message.pending;
      if (state === 'failed' && problem !== undefined) item.settle({ ok: false, problem });
      this.#lane(conversationId).run();
    }
    this.#options.onChange(conversationId, this.pending(conversationId));
  }

  #restore(pending: PendingMessage): void {
    this.#insert(pending.state === 'failed' ? pending : restored(pending));
  }

  #start(pending: PendingMessage): Outgoing {
    const item = this.#insert(pending);
    const kept = this.#announce(item);
    // Posted after storing: if this tab closes, the next leader finds the item.
    const post = (): void => this.#postItem(item);
    // The caller handles the rejection. An unhandled one must not end the program.
    kept.then(post, post);
    return { pending, outcome: item.outcome, kept };
  }

  #currentId(conversationId: string): string {
    return this.#created.get(conversationId) ?? conversationId;
  }

  /** The storage has the new ids before it forgets the start, so that a crash separates nothing. */
  #move(localConversation: string, conversationId: string): void {
    this.#created.set(localConversation, conversationId);
    const lane = this.#lane(localConversation);
    for (const item of lane.items) {
      lane.remove(item);
      if (this.#find(conversationId, item.pending.localId) !== undefined) continue;
      item.pending = { ...item.pending, conversationId };
      this.#lane(conversationId).insert(item);
      this.#keeper?.keep(item.pending).catch(ignore);
    }
    this.#options.onChange(localConversation, []);
    this.#options.onChange(conversationId, this.pending(conversationId));
  }

  #insert(restored: PendingMessage): OutboxItem {
    const pending = { ...restored, conversationId: this.#currentId(restored.conversationId) };
    const item = new OutboxItem(pending);
    this.#lastOrder = Math.max(this.#lastOrder, pending.order);
    this.#lane(pending.conversationId).insert(item);
    return item;
  }

  #lane(conversationId: string): OutboxLane {
    const existing = this.#lanes.get(conversationId);
    if (existing !== undefined) return existing;
    const lane = new OutboxLane({
      ...this.#options,
      maySend: () => this.#leads && !this.#closed,
      update: (item, change) => this.#update(item, change),
      finish: (item, outcome) => this.#finish(item, outcome),
    });
    this.#lanes.set(conversationId, lane);
    return lane;
  }

  #find(conversationId: string, localId: string): OutboxItem | undefined {
    return this.#lanes.get(this.#currentId(conversationId))?.find((pending) => pending.localId === localId);
  }

  #finish(item: OutboxItem, outcome: StoredOutcome): void {
    const { conversationId, localId } = item.pending;
    this.#lane(conversationId).remove(item);
    item.settle(outcome);
    try {
      this.#options.onStored(outcome, item.pending);
      this.#options.onState?.(item.pending, 'sent');
    } finally {
      if (outcome.conversation !== undefined) this.#move(conversationId, outcome.conversation.id);
      this.#remove(item);
      if (this.#leads) this.#post({ kind: 'settled', conversationId, localId, outcome });
    }
  }

  #remove(item: OutboxItem): void {
    const { conversationId, localId } = item.pending;
    this.#finished.add(localId);
    const lane = this.#lane(conversationId);
    lane.remove(item);
    this.#keeper?.forget(localId).catch(ignore);
    this.#options.onChange(conversationId, lane.pending);
    lane.changed();
  }

  #update(item: OutboxItem, change: Partial<PendingMessage>): Promise<void> | undefined {
    if (!this.#lane(item.pending.conversationId).has(item)) return undefined;
    const { retryAt: _, ...before } = item.pending;
    item.pending = { ...before, ...change };
    const kept = this.#announce(item);
    this.#postItem(item);
    // Sending continues without durability.
    return this.#keeper === undefined ? undefined : kept.catch(ignore);
  }

  #announce({ pending }: OutboxItem): Promise<void> {
    this.#options.onState?.(pending, pending.state);
    this.#options.onChange(pending.conversationId, this.pending(pending.conversationId));
    return this.#keeper?.keep(pending) ?? Promise.resolve();
  }

  #postItem(item: OutboxItem): void {
    if (this.#closed || !this.#lane(item.pending.conversationId).has(item)) return;
    this.#post({ kind: 'item', pending: item.pending });
  }

  /** A failure must not stop this tab from sending. */
  #post(message: TabMessage): void {
    try {
      this.#tabs?.post(message);
    } catch (error) {
      this.#options.onError?.(errorOf(error));
    }
  }
}

/** The keeper has reported the error. */
function ignore(): void {}
