import type { EntryKind } from './log-entry.ts';

/**
 * Defines a kind of log entry as a frozen value. Everything that differs between kinds is a member of that value: no other
 * code distinguishes them. The flags default to false.
 */
export function defineEntryKind<Content>(
  kind: Omit<EntryKind<Content>, Flag> & Partial<Pick<EntryKind<Content>, Flag>>,
): EntryKind<Content> {
  return Object.freeze({ isShown: false, isMessage: false, countsAsUnread: false, ...kind });
}

type Flag = 'isShown' | 'isMessage' | 'countsAsUnread';

/** The content of a kind's entries. */
export type ContentOf<Kind> = Kind extends EntryKind<infer Content> ? Content : never;
