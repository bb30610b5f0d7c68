import type { editMessage as editMessageRoute, editProblems } from '../../contract/messages/edit-message.ts';
import type { messageTooLong } from '../../contract/problems.ts';
import { editWindowOver, messageDeleted, messageNotEditable, notTheSender } from '../../contract/problems.ts';
import type { Message } from '../../contract/schemas/message.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { type ChangeDecision, changeMessage } from './change-message.ts';
import { editRight } from './edit-right.ts';
import { type EditContent, editKind, type MessageContent } from '../log/entry-kinds.ts';
import { canonical } from '../log/canonical-json-rules.ts';
import { mayChange } from '../log/change-rules.ts';
import { contentOf, messageOf } from '../timeline/message-view.ts';
import { openForChange } from './open-for-change.ts';
import { refusalOfText } from '../tenants/text-refusal.ts';
import { refusalOf } from '../log/append-refusal.ts';

type Refused = Refusal<
  | typeof notTheSender
  | typeof messageDeleted
  | typeof messageNotEditable
  | typeof editWindowOver
  | typeof messageTooLong
>;

type Edit = InputOf<typeof editMessageRoute>;

/** Earlier versions stay in the log. */
export async function editMessage(
  principal: Principal,
  { conversationId, seq, clientMessageId, ...replaced }: Edit,
  caller?: CallerConnection<Message>,
): Promise<Message | Refusal<(typeof editProblems)[number]>> {
  const context = await openForChange(principal, conversationId);
  if (isRefusal(context)) return context;
  const { settings } = context;
  const tooLong = refusalOfText(replaced.text, principal.role, settings.textLength);
  if (tooLong !== undefined) return tooLong;

  const content: EditContent = { type: 'edit', ...replaced };
  const outcome = await changeMessage<Refused, Message>(
    principal,
    context,
    {
      kind: editKind,
      seq,
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
            return canonical(current) === canonical({ ...current, ...replaced })
              ? { kind: 'same' }
              : { kind: 'change' };
        }
      },
      answer: (message) => messageOf(context, message),
    },
    caller,
  );
  return 'unwritten' in outcome ? refusalOf(outcome.unwritten) : outcome;
}

/** An edit of a location cannot extend its life. */
function isPossible(current: MessageContent | undefined, { text, location }: Pick<Edit, 'text' | 'location'>): boolean {
  if (current !== undefined && isOfForm(current)) return false;
  if (current?.type !== 'location') return current !== undefined && location === undefined;
  if (location === undefined || text !== undefined) return false;
  const end = current.location?.liveUntil;
  return end === undefined ? location.liveUntil === undefined : (location.liveUntil ?? '') <= end;
}

/** The record of a question and its answer stays as it was sent. */
function isOfForm({ type }: { readonly type: string }): boolean {
  return type === 'form' || type === 'form-response';
}
