import { deleteDraft } from '../contract/drafts/delete-draft.ts';
import { listDrafts } from '../contract/drafts/list-drafts.ts';
import { saveDraft } from '../contract/drafts/save-draft.ts';
import { type Accepted, answerOf } from './answer-of.ts';
import { type DraftContent, type DraftEntry, draftOf, type StoredDraft } from './draft-rules.ts';
import { errorOf } from './error-of.ts';
import { NetworkError } from './network-error.ts';
import type { PersonalStateOptions } from './personal-state.ts';

export interface Drafts {
  /**
   * Loads the drafts of all conversations, and keeps them current from then on.
   *
   * @throws RefusedError, NetworkError.
   */
  load(): Promise<void>;
  of(conversationId: string): DraftContent | undefined;
  /**
   * Call it for each change of the text; an empty text deletes the draft. Saves at most once a second, and after each
   * reconnect. The last save of all devices wins.
   */
  set(conversationId: string, text: string, replyTo?: number): void;
  /** Call it after you send the message. */
  clear(conversationId: string): void;
}

type DraftPage = Accepted<typeof listDrafts>;

const saveAfterMs = 1_000;
const pageSize = 100;

export function createDrafts(options: PersonalStateOptions): Drafts {
  return new DraftsKeeper(options);
}

class DraftsKeeper implements Drafts {
  readonly #options: PersonalStateOptions;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** One request at a time for each conversation, so that the last text wins. */
  readonly #saving = new Set<string>();
  #isWanted = false;
  #isEnded = false;

  constructor(options: PersonalStateOptions) {
    this.#options = options;
    options.socket.on('welcome', () => this.#connected());
    options.socket.on('state', (state) => {
      if (state !== 'ended') return;
      this.#isEnded = true;
      for (const timer of this.#timers.values()) clearTimeout(timer);
    });
  }

  async load(): Promise<void> {
    this.#isWanted = true;
    const before = this.#state;
    const drafts: Record<string, StoredDraft> = {};
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === '' ? {} : { cursor }) };
      const page: DraftPage = await answerOf(this.#options.call, listDrafts, { query });
      for (const draft of page.items) drafts[draft.conversationId] = storedOf(draft);
      cursor = page.nextCursor;
    }
    this.#options.store.dispatch({ type: 'drafts-listed', drafts, before });
  }

  of(conversationId: string): DraftContent | undefined {
    return draftOf(this.#state, conversationId);
  }

  set(conversationId: string, text: string, replyTo?: number): void {
    const content = text === '' ? null : { text, ...(replyTo === undefined ? {} : { replyTo }) };
    this.#options.store.dispatch({ type: 'draft-set', conversationId, content });
    this.#saveLater(conversationId);
  }

  clear(conversationId: string): void {
    this.set(conversationId, '');
  }

  get #state() {
    return this.#options.store.state.drafts;
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
      this.#options.store.dispatch({ type: 'draft-saved', conversationId, content, draft });
    } catch (error) {
      // The next connection saves it.
      if (error instanceof NetworkError) return;
      this.#options.onError(errorOf(error));
      return;
    } finally {
      this.#saving.delete(conversationId);
    }
    if (this.#entry(conversationId)?.pending !== undefined) this.#saveLater(conversationId);
  }

  async #send(conversationId: string, content: DraftContent | null): Promise<StoredDraft> {
    const { call } = this.#options;
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
    if (this.#isWanted) this.load().catch((error: unknown) => this.#options.onError(errorOf(error)));
  }
}

function storedOf({ text, replyTo, revision }: DraftContent & { readonly revision: number }): StoredDraft {
  return { revision, content: { text, ...(replyTo === undefined ? {} : { replyTo }) } };
}
