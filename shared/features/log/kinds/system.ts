import type { SystemMessage } from '../../../contract/schemas/message.ts';
import { defineEntryKind } from '../define-entry-kind.ts';

export interface SystemContent {
  readonly type: 'system';
  readonly system: SystemMessage;
}

/** A change of the conversation, which the timeline shows: participants, their roles, the name. */
export const systemKind = defineEntryKind<SystemContent>({
  name: 'system',
  letter: 'n',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'conversation.updated',
});
