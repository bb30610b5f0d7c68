import { defineEntryKind } from '../define-entry-kind.ts';

export interface DeletionContent {
  readonly type: 'deletion';
}

export const deletionKind = defineEntryKind<DeletionContent>({
  name: 'deletion',
  letter: 'd',
  audience: 'everyone',
  changesMessage: (_message, { seq, createdAt, senderId }) => ({
    deletion: { seq, at: createdAt, by: senderId },
    reactions: {},
  }),
  serverEvent: { type: 'message.deleted' },
  busEvent: 'message.deleted',
});
