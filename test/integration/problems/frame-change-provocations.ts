import { ulid } from 'ulid';
import type { ActionName } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import {
  aSystemMessage,
  bobs,
  busyMessage,
  deleted,
  fullOfReactions,
  lifebuoy,
  longAgo,
  messageWith,
  tireBob,
} from './change-provocations.ts';
import { contendedSlots } from './contention.ts';
import type { FrameProblem, FrameProvocation } from './provocation.ts';
import { type Stage, textLength } from './stage.ts';

type Send = (stage: Stage, action: string, data: unknown, who?: Person) => Promise<FrameProblem>;
type ChangeAction = Extract<ActionName, 'message.edit' | 'message.delete' | 'reaction.add' | 'reaction.remove'>;

const functionName = 'switchboard-dev-socket-action';

/** Frames that change Alice's first message. */
export const goodChangeFrames = {
  'message.edit': ({ conversation }: Stage) => ({
    conversationId: conversation,
    seq: 1,
    text: `framed ${ulid().slice(-8)}`,
  }),
  'message.delete': ({ conversation }: Stage) => ({ conversationId: conversation, seq: 1 }),
  'reaction.add': ({ conversation }: Stage) => ({ conversationId: conversation, seq: 1, emoji: '🎉' }),
  'reaction.remove': ({ conversation }: Stage) => ({ conversationId: conversation, seq: 1, emoji: '🎉' }),
} as const;

/** How the problems of edits, deletions and reactions are provoked over a WebSocket. */
export function changeFrameProvocations(sendFrame: Send) {
  const on = (
    action: ChangeAction,
    changes: Readonly<Record<string, unknown>> | ((stage: Stage) => Readonly<Record<string, unknown>>),
  ): FrameProvocation => ({
    provoke: async (stage) => {
      const prepared = typeof changes === 'function' ? changes(stage) : changes;
      const seq = Number(await messageWith(stage, prepared));
      return sendFrame(stage, action, { ...goodChangeFrames[action](stage), seq });
    },
    changes: 'the message is written for it',
  });
  const common = (action: ChangeAction) =>
    ({
      'conversation-not-found': {
        provoke: (stage) => sendFrame(stage, action, goodChangeFrames[action](stage), stage.stranger),
      },
      'message-not-found': {
        provoke: (stage) => sendFrame(stage, action, { ...goodChangeFrames[action](stage), seq: 999_999_999 }),
      },
      throttled: {
        provoke: async (stage) => {
          await tireBob(stage);
          return sendFrame(stage, action, goodChangeFrames[action](stage), stage.bob);
        },
        changes: 'reactions are changed until it is too often',
      },
      'conversation-busy': {
        provoke: async (stage) => {
          const seq = Number(await messageWith(stage, busyMessage(action, stage)));
          const data = {
            ...goodChangeFrames[action](stage),
            seq,
            ...(action.startsWith('reaction') ? { emoji: lifebuoy } : {}),
          };
          return contendedSlots(stage, functionName, () => sendFrame(stage, action, data));
        },
        changes: 'others get on in its place',
      },
    }) satisfies Record<string, FrameProvocation>;
  const edit = (stage: Stage, more: Readonly<Record<string, unknown>>) =>
    sendFrame(stage, 'message.edit', { conversationId: stage.conversation, seq: 1, ...more });
  return {
    'message.edit': {
      ...common('message.edit'),
      'not-the-sender': on('message.edit', bobs),
      'message-deleted': on('message.edit', deleted),
      'edit-window-over': on('message.edit', longAgo),
      'message-not-editable': { provoke: (stage) => edit(stage, { location: { latitude: 1, longitude: 2 } }) },
      'message-too-long': {
        provoke: (stage) => edit(stage, { text: 'x'.repeat(textLength + 1) }),
        pointers: ['/data/text'],
      },
      'clock-skew': {
        provoke: (stage) => edit(stage, { text: 'skewed', clientMessageId: ulid(Date.now() + 10 * 60_000) }),
      },
      'idempotency-conflict': {
        provoke: async (stage) => {
          const clientMessageId = ulid();
          await edit(stage, { text: `one ${clientMessageId.slice(-8)}`, clientMessageId });
          return edit(stage, { text: 'or other', clientMessageId });
        },
        changes: 'the first of the two is done',
      },
    },
    'message.delete': {
      ...common('message.delete'),
      'not-the-sender': on('message.delete', bobs),
      'message-not-editable': on('message.delete', aSystemMessage),
      'edit-window-over': on('message.delete', longAgo),
    },
    'reaction.add': {
      ...common('reaction.add'),
      'message-deleted': on('reaction.add', deleted),
      'too-many-reactions': on('reaction.add', fullOfReactions),
    },
    'reaction.remove': { ...common('reaction.remove'), 'message-deleted': on('reaction.remove', deleted) },
  } satisfies Record<ChangeAction, Record<string, FrameProvocation>>;
}
