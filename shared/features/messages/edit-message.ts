import type { editProblems } from '../../contract/messages/edit-message.ts';
import type { messageTooLong } from '../../contract/problems.ts';
import { editWindowOver, messageDeleted, messageNotEditable, notTheSender } from '../../contract/problems.ts';
import type { Message, MessageLocation } from '../../contract/schemas/message.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { type ChangeDecision, type ChangeInput, changeMessage } from './change-message.ts';
import { editRight } from './edit-right.ts';
import { type EditContent, editKind } from '../log/kinds/edit.ts';
import type { MessageContent } from '../log/kinds/message.ts';
import { canonical } from '../log/log-content.ts';
import { mayChange } from '../log/change-rules.ts';
import { contentOf, messageOf } from './message-view.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOf, refusalOfText } from './send-refusal.ts';

export interface EditInput extends ChangeInput<Message> {
  readonly edit: {
    readonly text?: string | undefined;
    readonly location?: MessageLocation | undefined;
    readonly clientMessageId?: string | undefined;
  };
  readonly pointer: '/body' | '/data';
}

type Refused = Refusal<
  | typeof notTheSender
  | typeof messageDeleted
  | typeof messageNotEditable
  | typeof editWindowOver
  | typeof messageTooLong
>;

/** Replaces what a message says; what it said before stays in the log. */
export async function editMessage(input: EditInput): Promise<Message | Refusal<(typeof editProblems)[number]>> {
  const { principal, edit } = input;
  const context = await openForChange(principal, input.conversationId);
  if (isRefusal(context)) return context;
  const { settings } = context;
  const wrong = refusalOfText(edit.text, principal.role, settings.textLength, `${input.pointer}/text`);
  if (wrong !== undefined) return wrong;
  const { clientMessageId, ...replaced } = edit;

  const content: EditContent = { type: 'edit', ...replaced };
  const outcome = await changeMessage<Refused, Message>(input, context, {
    kind: editKind,
    clientMessageId,
    content,
    decide: (message): ChangeDecision<Refused> => {
      const current = contentOf(context, message);
      const liveUntil = current?.location?.liveUntil;
      const decision = mayChange(message, editRight(principal, settings, liveUntil), now());
      switch (decision.kind) {
        case 'no-message':
          return { kind: 'refused', refusal: refuse(messageNotEditable) };
        case 'not-sender':
          return { kind: 'refused', refusal: refuse(notTheSender) };
        case 'deleted':
          return { kind: 'refused', refusal: refuse(messageDeleted) };
        case 'too-late':
          return { kind: 'refused', refusal: refuse(editWindowOver) };
        case 'allowed':
          if (!isPossible(current, replaced)) return { kind: 'refused', refusal: refuse(messageNotEditable) };
          return canonical(current) === canonical({ ...current, ...replaced }) ? { kind: 'same' } : { kind: 'change' };
      }
    },
    answer: (message) => messageOf(context, message),
  });
  return 'unwritten' in outcome ? refusalOf(outcome.unwritten) : outcome;
}

/** Of a location the place can be replaced, and stays live no longer than it was to be; of all others the text. */
function isPossible(current: MessageContent | undefined, { text, location }: EditInput['edit']): boolean {
  if (current?.type !== 'location') return current !== undefined && location === undefined;
  if (location === undefined || text !== undefined) return false;
  const end = current.location?.liveUntil;
  return end === undefined ? location.liveUntil === undefined : (location.liveUntil ?? '') <= end;
}
