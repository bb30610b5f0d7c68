import type { Message } from '../contract/schemas/message.ts';
import { newClientMessageId } from './client-message-id.ts';
import { errorOf } from './error-of.ts';
import { jsonCopy } from './json-copy.ts';
import { newMessageOf, type NewMessage, type OutgoingTask } from './outgoing-task.ts';
import { OutboxKeeper } from './outbox-keeper.ts';
import { OutboxItem, OutboxLane, type SendAttempt } from './outbox-lane.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import { type JoinTabs, joinTabs, type OutboxTabs, type TabNote } from './outbox-tabs.ts';
import type { OutgoingState, PendingMessage, SendOutcome, StoredOutcome } from './pending-message.ts';
import type { ServerClock } from './server-clock.ts';

export interface OutboxOptions {
  readonly attempt: SendAttempt;
  readonly clock: ServerClock;
  /** Hears of every change, with all that is pending in the conversation, oldest first. */
  readonly onChange: (conversationId: string, pending: readonly PendingMessage[]) => void;
  /** Hears of everything that was stored, before `onChange`. */
  readonly onStored: (outcome: StoredOutcome, item: PendingMessage) => void;
  /** Hears of each item's states as they come. */
  readonly onState?: (item: PendingMessage, state: OutgoingState) => void;
  /** Hears of a storage that fails. */
  readonly onError?: (error: Error) => void;
  /** What was pending when the client ended last time. */
  readonly restored?: readonly PendingMessage[];
  /** The user who sends. */
  readonly ownUserId?: string;
  /** Keeps what is pending beyond the end of the program. */
  readonly storage?: OutboxStorage;
  readonly joinTabs?: JoinTabs;
  readonly random?: () => number;
}

export interface Outgoing {
  readonly pending: PendingMessage;
  /** How it ended; never rejects. */
  readonly outcome: Promise<SendOutcome>;
  /** Resolves once it is stored and survives the end of the program. Rejects if storing failed. */
  readonly kept: Promise<void>;
}

/**
 * Sends messages and changes in the order in which they were written, one at a time in each conversation: the platform
 * does not keep the order of frames. Each is repeated, under the same id, until there is an answer.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, OutboxLane>();
  readonly #keeper: OutboxKeeper | undefined;
  readonly #tabs: OutboxTabs | undefined;
  /** What ended, so that a late note of another tab does not begin it again. */
  readonly #over = new Set<string>();
  #lastOrder = 0;
  /** Whether this one sends: of several tabs one does, and with a storage not before it was read. */
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
      this.#tabs = (options.joinTabs ?? joinTabs)(name, lead, (note) => this.#hear(note));
    }
  }

  /** Adds a message. */
  send(conversationId: string, written: string | NewMessage): Outgoing {
    return this.add(conversationId, { kind: 'message', message: newMessageOf(written) });
  }

  /**
   * Adds a message or a change.
   *
   * @throws TypeError if JSON cannot represent it; nothing is added.
   */
  add(conversationId: string, written: OutgoingTask): Outgoing {
    if (typeof conversationId !== 'string') throw new TypeError('The id of a conversation is a text');
    // Store, post to other tabs and send this copy: nothing can change or reject it later.
    const task = jsonCopy(written);
    const writtenAt = this.#options.clock.now();
    const id = newClientMessageId(writtenAt);
    // Among tabs the device's time decides; within a millisecond, the order of the calls.
    const order = Math.max(Date.now() * 1000, this.#lastOrder + 1);
    const place = { localId: id, clientMessageId: id, conversationId, writtenAt, order };
    return this.#begin({ ...place, task, state: 'queued', uncertain: false });
  }

  /** Tries again what had failed; it goes to the end. */
  retry(conversationId: string, localId: string): Outgoing | undefined {
    const item = this.#find(conversationId, localId);
    if (item?.pending.state !== 'failed') return undefined;
    this.#lane(conversationId).remove(item);
    const { problem: _, ...rest } = item.pending;
    return this.#begin({ ...rest, order: this.#lastOrder + 1, state: 'queued' });
  }

  /** Gives up what had failed, or has certainly not been sent yet. False if it may be on its way. */
  discard(conversationId: string, localId: string): boolean {
    const item = this.#find(conversationId, localId);
    if (item === undefined) return false;
    const { state, uncertain } = item.pending;
    if (state !== 'failed' && (state === 'sending' || uncertain)) return false;
    this.#end(item);
    this.#post({ kind: 'settled', conversationId, localId });
    return true;
  }

  /** Takes note of an own message that was seen in the log: an answer that was lost is not needed any more. */
  confirm(message: Message): void {
    const item = this.#lanes
      .get(message.conversationId)
      ?.find(({ task, clientMessageId }) => task.kind === 'message' && clientMessageId === message.clientMessageId);
    if (item !== undefined) this.#finish(item, { ok: true, message });
  }

  /** Tries at once what waits for its next attempt: the connection is back. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake();
  }

  pending(conversationId: string): readonly PendingMessage[] {
    return this.#lanes.get(conversationId)?.pending ?? [];
  }

  /** Sends nothing any more. What is pending stays so, to be restored later. Resolves once it is written. */
  close(): Promise<void> {
    this.#closed = true;
    this.#tabs?.leave();
    for (const lane of this.#lanes.values()) lane.stop();
    return this.#keeper?.written() ?? Promise.resolve();
  }

  /** From now on this is the one that sends. What another one left is taken up. */
  async #lead(): Promise<void> {
    const kept = (await this.#keeper?.load()) ?? [];
    const last = Math.max(this.#lastOrder, ...kept.map(({ order }) => order));
    const keptIds = new Set(kept.map(({ localId }) => localId));
    for (const pending of kept) {
      const { conversationId, localId } = pending;
      if (this.#over.has(localId)) continue;
      const item = this.#find(conversationId, localId);
      if (item === undefined) this.#restore(pending);
      // Another tab may have been sending it when it ended.
      else if (item.pending.state !== 'failed') item.pending = restored(item.pending);
    }
    this.#lastOrder = last;
    // What was written while this was read comes after it, whatever the clock says.
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

  #hear(note: TabNote): void {
    if (this.#closed) return;
    if (note.kind === 'settled') {
      const item = this.#find(note.conversationId, note.localId);
      if (item === undefined) this.#over.add(note.localId);
      else if (note.outcome?.ok === true) this.#finish(item, note.outcome);
      else this.#end(item);
      return;
    }
    const { conversationId, localId, state, problem } = note.pending;
    const item = this.#find(conversationId, localId);
    if (item === undefined && !this.#over.has(localId)) this.#insert(note.pending);
    // Whoever sends knows better, but for what a person has tried again.
    if (item !== undefined && (!this.#leads || item.pending.state === 'failed')) {
      item.pending = note.pending;
      if (state === 'failed' && problem !== undefined) item.settle({ ok: false, problem });
      this.#lane(conversationId).run();
    }
    this.#options.onChange(conversationId, this.pending(conversationId));
  }

  #restore(pending: PendingMessage): void {
    this.#insert(pending.state === 'failed' ? pending : restored(pending));
  }

  #begin(pending: PendingMessage): Outgoing {
    const item = this.#insert(pending);
    const kept = this.#changed(item);
    // Others take it up from the storage if this tab ends now; so it has to be there first.
    const tell = (): void => this.#tell(item);
    // The caller handles the rejection; an unhandled one must not end the program.
    kept.then(tell, tell);
    return { pending, outcome: item.outcome, kept };
  }

  #insert(pending: PendingMessage): OutboxItem {
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
    return this.#lanes.get(conversationId)?.find((pending) => pending.localId === localId);
  }

  #finish(item: OutboxItem, outcome: StoredOutcome): void {
    const { conversationId, localId } = item.pending;
    this.#lane(conversationId).remove(item);
    item.settle(outcome);
    try {
      this.#options.onStored(outcome, item.pending);
      this.#options.onState?.(item.pending, 'sent');
    } finally {
      this.#end(item);
      // The leader notifies the other tabs.
      if (this.#leads) this.#post({ kind: 'settled', conversationId, localId, outcome });
    }
  }

  /** It is pending no longer. */
  #end(item: OutboxItem): void {
    const { conversationId, localId } = item.pending;
    this.#over.add(localId);
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
    const kept = this.#changed(item);
    this.#tell(item);
    // If the storage fails, durability is lost but sending continues.
    return this.#keeper === undefined ? undefined : kept.catch(ignore);
  }

  #changed({ pending }: OutboxItem): Promise<void> {
    this.#options.onState?.(pending, pending.state);
    this.#options.onChange(pending.conversationId, this.pending(pending.conversationId));
    return this.#keeper?.keep(pending) ?? Promise.resolve();
  }

  #tell(item: OutboxItem): void {
    if (this.#closed || !this.#lane(item.pending.conversationId).has(item)) return;
    this.#post({ kind: 'item', pending: item.pending });
  }

  /** Notifies the other tabs. A tab that cannot be notified must not stop this one from sending. */
  #post(note: TabNote): void {
    try {
      this.#tabs?.tell(note);
    } catch (error) {
      this.#options.onError?.(errorOf(error));
    }
  }
}

/** The keeper has reported it. */
function ignore(): void {}

/** Nobody knows what became of the attempts before the end. */
function restored(pending: PendingMessage): PendingMessage {
  const { retryAt: _, ...rest } = pending;
  return { ...rest, state: 'queued', uncertain: pending.state === 'sending' || pending.uncertain };
}
