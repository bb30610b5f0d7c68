import type { ActionName, OperationId } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import { send } from './implied-provocations.ts';
import type { FrameProblem, FrameProvocation, Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

type SendFrame = (stage: Stage, action: string, data: unknown, who?: Person) => Promise<FrameProblem>;
type ReceiptAction = Extract<ActionName, 'receipt.update' | 'typing.start' | 'typing.stop'>;

/** How the problems of receipts and typing are provoked. */

const beyond = 999_999;

function byStranger(operationId: OperationId): Provocation {
  return { provoke: (stage) => send(stage, operationId, { by: stage.stranger }) };
}

export const receiptProvocations = {
  updateReceipts: {
    'conversation-not-found': byStranger('updateReceipts'),
    'position-beyond-end': {
      provoke: (stage: Stage) => send(stage, 'updateReceipts', { body: { deliveredSeq: 1, readSeq: beyond } }),
      pointers: ['/body/readSeq'],
    },
  },
  getUnreadCount: {},
  setTyping: { 'conversation-not-found': byStranger('setTyping') },
} as const;

/** Frames of Alice's, about her conversation. */
export const goodReceiptFrames = {
  'receipt.update': ({ conversation }: Stage) => ({ conversationId: conversation, deliveredSeq: 1 }),
  'typing.start': ({ conversation }: Stage) => ({ conversationId: conversation }),
  'typing.stop': ({ conversation }: Stage) => ({ conversationId: conversation }),
} as const;

export function receiptFrameProvocations(sendFrame: SendFrame) {
  const byStrangers = (action: ReceiptAction): { readonly 'conversation-not-found': FrameProvocation } => ({
    'conversation-not-found': {
      provoke: (stage) => sendFrame(stage, action, goodReceiptFrames[action](stage), stage.stranger),
    },
  });
  return {
    'receipt.update': {
      ...byStrangers('receipt.update'),
      'position-beyond-end': {
        provoke: (stage: Stage) =>
          sendFrame(stage, 'receipt.update', { conversationId: stage.conversation, unreadFrom: beyond }),
        pointers: ['/data/unreadFrom'],
      },
    },
    'typing.start': byStrangers('typing.start'),
    'typing.stop': byStrangers('typing.stop'),
  } as const;
}
