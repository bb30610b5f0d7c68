import type { AttachmentView } from '../../../contract/schemas/attachment.ts';
import type { Message, MessageLocation, MessageType } from '../../../contract/schemas/message.ts';
import { defineEntryKind } from '../define-entry-kind.ts';

/** The content of a message, as it is encrypted into its entry. */
export interface MessageContent {
  readonly type: Exclude<MessageType, 'system'>;
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
  readonly attachments?: AttachmentView[] | undefined;
  readonly metadata?: Message['metadata'];
  readonly urgent?: boolean | undefined;
  readonly replyTo?: number | undefined;
  readonly mentions?: string[] | undefined;
}

export const messageKind = defineEntryKind<MessageContent>({
  name: 'message',
  letter: 'm',
  audience: 'everyone',
  isShown: true,
  isMessage: true,
  countsAsUnread: true,
  serverEvent: { type: 'message.created' },
  busEvent: 'message.created',
});
