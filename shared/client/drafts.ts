import { deleteDraft } from '../contract/drafts/delete-draft.ts';
import { listDrafts } from '../contract/drafts/list-drafts.ts';
import { saveDraft } from '../contract/drafts/save-draft.ts';
import { type Accepted, answerOf } from './answer-of.ts';
import type { ChatClient } from './chat-client.ts';
import {
  type DraftAction,
  type DraftContent,
  type DraftEntry,
  draftOf,
  type DraftsState,
  reduceDrafts,
  type StoredDraft,
} from './draft-rules.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import { NetworkError } from './network-error.ts';

export interface DraftsEvents {
  change: DraftsState;
}

export interface Drafts {
  readonly state: DraftsState;
  on<Name extends keyof DraftsEvents>(name: Name, listener: (event: DraftsEvents[Name]) => void): Unsubscribe;
  /**
   * Loads the drafts of all conversations, and keeps them current from then on.
   *
   * @throws RefusedError, NetworkError.
   */
  load(): Promise<void>;
  of(conversationId: string): DraftContent | undefined;
  /**
   * Call it for each change of the text; an empty text deletes the draft. Saves at most once a second, after each
   * reconnect, and when the client closes. The last save of all devices wins.
   */
  set(conversationId: string, text: string, replyTo?: number): void;
  /** Call it after you send the message. */
  clear(conversationId: string): void;
}

type DraftPage = Accepted<typeof listDrafts>;

const saveAfterMs = 1_000;
const pageSize = 100;

/** Keeps the drafts of all conversations as long as the client is open. Open them once for each client. */
export function openDrafts(client: ChatClient): Drafts {
  return new DraftsKeeper(client);
}

class DraftsKeeper implements Drafts {
  readonly #client: ChatClient;
  readonly #emitter = new Emitter<DraftsEvents>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** One request at a time for each conversation, so that the last text wins. */
  readonly #saving = new Set<string>();
  #state: DraftsState = {};
  #isWanted = false;
  #isEnded = false;

  constructor(client: ChatClient) {
    this.#client = client;
    client.on('event', (event) => {
      if (event.type !== 'draft.updated') return;
      const { revision, text, replyTo } = event.data;
      const draft = text === undefined ? { revision } : storedOf({ revision, text, replyTo });
      this.#dispatch({ type: 'draft-stored', conversationId: event.conversationId, draft });
    });
    client.on('conversation-removed', (conversationId) => this.#dispatch({ type: 'draft-forgotten', conversationId }));
    client.internals.socket.on('welcome', () => this.#connected());
    client.on('connection', (connection) => {
      if (connection !== 'ended') return;
      this.#isEnded = true;
      for (const [conversationId, timer] of this.#timers) {
        clearTimeout(timer);
        void this.#save(conversationId);
      }
    });
  }

  get state(): DraftsState {
    return this.#state;
  }

  on<Name extends keyof DraftsEvents>(name: Name, listener: (event: DraftsEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener);
  }

  async load(): Promise<void> {
    this.#isWanted = true;
    const before = this.#state;
    const drafts: Record<string, StoredDraft> = {};
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === '' ? {} : { cursor }) };
      const page: DraftPage = await answerOf(this.#client.call, listDrafts, { query });
      for (const draft of page.items) drafts[draft.conversationId] = storedOf(draft);
      cursor = page.nextCursor;
    }
    this.#dispatch({ type: 'drafts-listed', drafts, before });
  }

  of(conversationId: string): DraftContent | undefined {
    return draftOf(this.#state, conversationId);
  }

  set(conversationId: string, text: string, replyTo?: number): void {
    const content = text === '' ? null : { text, ...(replyTo === undefined ? {} : { replyTo }) };
    this.#dispatch({ type: 'draft-set', conversationId, content });
    this.#saveLater(conversationId);
  }

  clear(conversationId: string): void {
    this.set(conversationId, '');
  }

  #dispatch(action: DraftAction): void {
    const state = reduceDrafts(this.#state, action);
    if (state === this.#state) return;
    this.#state = state;
    this.#emitter.emit('change', state);
  }

  #saveLater(conversationId: string): void {
    if (this.#isEnded || this.#timers.has(conversationId)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(conversationId);
      void this.#save(conversationId);
    }, saveAfterMs);
    this.#timers.set(conversationId, timer);
  }

  async #save(conversationId: string): Promise<void> {
    const content = this.#entry(conversationId)?.pending;
    if (content === undefined || this.#saving.has(conversationId)) return;
    this.#saving.add(conversationId);
    try {
      const draft = await this.#send(conversationId, content);
      this.#dispatch({ type: 'draft-saved', conversationId, content, draft });
    } catch (error) {
      // The next connection saves it.
      if (error instanceof NetworkError || this.#isEnded) return;
      this.#client.internals.onError(errorOf(error));
      return;
    } finally {
      this.#saving.delete(conversationId);
    }
    if (this.#entry(conversationId)?.pending === undefined) return;
    if (this.#isEnded) await this.#save(conversationId);
    else this.#saveLater(conversationId);
  }

  async #send(conversationId: string, content: DraftContent | null): Promise<StoredDraft> {
    const { call } = this.#client;
    if (content !== null) {
      const { text, replyTo } = content;
      const body = { text, ...(replyTo === undefined ? {} : { replyTo }) };
      return storedOf(await answerOf(call, saveDraft, { params: { conversationId }, body }));
    }
    const known = this.#entry(conversationId)?.stored?.revision ?? 0;
    await answerOf(call, deleteDraft, { params: { conversationId } });
    return { revision: known + 1 };
  }

  #entry(conversationId: string): DraftEntry | undefined {
    return Object.hasOwn(this.#state, conversationId) ? this.#state[conversationId] : undefined;
  }

  #connected(): void {
    for (const [conversationId, { pending }] of Object.entries(this.#state)) {
      if (pending !== undefined) this.#saveLater(conversationId);
    }
    if (this.#isWanted) this.load().catch((error: unknown) => this.#client.internals.onError(errorOf(error)));
  }
}

function storedOf({ text, replyTo, revision }: DraftContent & { readonly revision: number }): StoredDraft {
  return { revision, content: { text, ...(replyTo === undefined ? {} : { replyTo }) } };
}
