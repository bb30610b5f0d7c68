export interface DraftContent {
  readonly text: string;
  readonly replyTo?: number | undefined;
}

/** Without `content`, the draft was deleted. */
export interface StoredDraft {
  readonly revision: number;
  readonly content?: DraftContent;
}

export interface DraftEntry {
  readonly stored?: StoredDraft;
  /** Not saved yet. `null`: not deleted yet. */
  readonly pending?: DraftContent | null;
}

/** By conversation. Immutable. */
export type DraftsState = Readonly<Record<string, DraftEntry>>;

export type DraftAction =
  | { readonly type: 'draft-set'; readonly conversationId: string; readonly content: DraftContent | null }
  | { readonly type: 'draft-stored'; readonly conversationId: string; readonly draft: StoredDraft }
  /** The user left the conversation. */
  | { readonly type: 'draft-forgotten'; readonly conversationId: string }
  /** The server answered to a save or deletion of `content`. */
  | {
      readonly type: 'draft-saved';
      readonly conversationId: string;
      readonly content: DraftContent | null;
      readonly draft: StoredDraft;
    }
  /** `before`: the state before the complete list was requested. */
  | {
      readonly type: 'drafts-listed';
      readonly drafts: Readonly<Record<string, StoredDraft>>;
      readonly before: DraftsState;
    };

/** Of two stored drafts, the higher revision is valid. The user's own pending draft takes precedence. */
export function reduceDrafts(state: DraftsState, action: DraftAction): DraftsState {
  switch (action.type) {
    case 'draft-set':
      return changed(state, action.conversationId, (entry) => ({ ...entry, pending: action.content }));
    case 'draft-forgotten': {
      if (!Object.hasOwn(state, action.conversationId)) return state;
      return Object.fromEntries(Object.entries(state).filter(([id]) => id !== action.conversationId));
    }
    case 'draft-stored':
      return changed(state, action.conversationId, (entry) => withStored(entry, action.draft));
    case 'draft-saved':
      return changed(state, action.conversationId, (entry) => {
        const { pending, ...rest } = withStored(entry, action.draft);
        return pending === undefined || pending === action.content ? rest : { ...rest, pending };
      });
    case 'drafts-listed': {
      const missing = Object.keys(action.before).filter(
        (id) => !Object.hasOwn(action.drafts, id) && state[id]?.stored === action.before[id]?.stored,
      );
      const kept = missing.reduce((drafts, id) => changed(drafts, id, ({ stored: _, ...entry }) => entry), state);
      return Object.entries(action.drafts).reduce(
        (drafts, [id, draft]) => changed(drafts, id, (entry) => withStored(entry, draft)),
        kept,
      );
    }
  }
}

/** The text that an editor shows when it opens the conversation. */
export function draftOf(state: DraftsState, conversationId: string): DraftContent | undefined {
  const entry = Object.hasOwn(state, conversationId) ? state[conversationId] : undefined;
  return entry?.pending === undefined ? entry?.stored?.content : (entry.pending ?? undefined);
}

function withStored(entry: DraftEntry, draft: StoredDraft): DraftEntry {
  return draft.revision <= (entry.stored?.revision ?? -1) ? entry : { ...entry, stored: draft };
}

function changed(state: DraftsState, conversationId: string, change: (entry: DraftEntry) => DraftEntry): DraftsState {
  const before = Object.hasOwn(state, conversationId) ? state[conversationId] : undefined;
  const after = change(before ?? {});
  return after === before ? state : { ...state, [conversationId]: after };
}
