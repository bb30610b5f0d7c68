import type { EntryKind } from './log-entry.ts';

/** Everything that differs between kinds is a member. The flags default to false. */
export function defineEntryKind<Content>(
  kind: Omit<EntryKind<Content>, Flag> & Partial<Pick<EntryKind<Content>, Flag>>,
): EntryKind<Content> {
  return Object.freeze({ isShown: false, isMessage: false, countsAsUnread: false, ...kind });
}

type Flag = 'isShown' | 'isMessage' | 'countsAsUnread';

export type ContentOf<Kind> = Kind extends EntryKind<infer Content> ? Content : never;
