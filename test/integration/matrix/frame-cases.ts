import type { Caller } from './caller.ts';
import { ownConversation, wrongConversations } from './conversation-values.ts';
import { isSender } from './message-slots.ts';

export interface FrameCase {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly answer: string;
  /** Events in `sync.page` frames after the answer. Absent if none follows, -1 for any number. */
  readonly events?: number;
  readonly alike?: string;
}

export interface FrameMatrix {
  readonly own: (caller: Caller) => readonly FrameCase[];
  readonly slots: Readonly<Record<string, (caller: Caller) => readonly FrameCase[]>>;
}

export const invalidFrame = 'VALIDATION_FAILED';

type FrameData = (caller: Caller) => Readonly<Record<string, unknown>>;

export function plainFrame(answer: string, data: Readonly<Record<string, unknown>> = {}): FrameMatrix {
  return { own: () => [{ name: 'plain', data, answer }], slots: {} };
}

export function inConversationFrames(rest: FrameData): FrameMatrix {
  return {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      if (conversationId === undefined) return [];
      return [{ name: 'own', data: { ...rest(caller), conversationId }, answer: 'ack' }];
    },
    slots: {
      'data.conversationId': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `data.conversationId is ${kind}`,
          data: { ...rest(caller), conversationId: value },
          ...(form === 'malformed' ? { answer: invalidFrame } : { answer: 'CONVERSATION_NOT_FOUND', alike: 'absent' }),
        })),
    },
  };
}

export function onMessageFrames(rest: Readonly<Record<string, unknown>>, mayOnlySender: boolean): FrameMatrix {
  const { own, slots } = inConversationFrames(() => ({ ...rest, seq: 1 }));
  return {
    own: (caller) =>
      own(caller).map((frame) => ({ ...frame, answer: mayOnlySender && !isSender(caller) ? 'NOT_THE_SENDER' : 'ack' })),
    slots: {
      ...slots,
      'data.seq': (caller) => {
        const conversationId = ownConversation(caller);
        if (conversationId === undefined) return [];
        const frame = (seq: number) => ({ ...rest, conversationId, seq });
        return [
          { name: 'data.seq is beyond the end', data: frame(999_999), answer: 'MESSAGE_NOT_FOUND', alike: 'none' },
          {
            name: 'data.seq is far beyond the end',
            data: frame(999_999_999),
            answer: 'MESSAGE_NOT_FOUND',
            alike: 'none',
          },
          { name: 'data.seq is 0', data: frame(0), answer: invalidFrame },
        ];
      },
    },
  };
}
