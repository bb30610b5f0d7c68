import type { MessageLocation } from '../../../contract/schemas/message.ts';
import { defineEntryKind } from '../define-entry-kind.ts';

/** The part of a message that an edit replaces: the text, or the coordinates of a location. */
export interface EditContent {
  readonly type: 'edit';
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
}

/** Numbers of edits that a message remembers. */
export const rememberedEdits = 100;

export const editKind = defineEntryKind<EditContent>({
  name: 'edit',
  letter: 'e',
  audience: 'everyone',
  changesMessage: ({ changes }, { seq, createdAt, content }) => ({
    edit: { seq, at: createdAt, content },
    edits: [...(changes.edits ?? []), seq].slice(-rememberedEdits),
  }),
  serverEvent: { type: 'message.updated' },
  busEvent: 'message.updated',
});
