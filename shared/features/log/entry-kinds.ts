import { type ContentOf, defineEntryKind } from './define-entry-kind.ts';
import { deletionKind } from './kinds/deletion.ts';
import { editKind } from './kinds/edit.ts';
import { messageKind } from './kinds/message.ts';
import { reactionKind } from './kinds/reaction.ts';
import { systemKind } from './kinds/system.ts';
import type { EntryKind } from './log-entry.ts';

/** Every kind of entry. A list, because a bundler cannot import a folder. */
export const entryKinds = [messageKind, systemKind, editKind, deletionKind, reactionKind] as const;

/** The content of any entry. */
export type EntryContent = ContentOf<(typeof entryKinds)[number]>;

/** An entry that newer code wrote, during a deployment or before a rollback. Its position counts, and nothing else. */
export const unknownKind = defineEntryKind<unknown>({
  name: 'unknown',
  letter: '?',
  audience: 'everyone',
});

const byLetter: ReadonlyMap<string, EntryKind> = new Map(entryKinds.map((kind) => [kind.letter, kind]));

export function kindOfLetter(letter: string): EntryKind {
  return byLetter.get(letter) ?? unknownKind;
}
