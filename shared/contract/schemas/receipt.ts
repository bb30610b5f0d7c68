import * as z from 'zod/mini';
import { conversationId, seq, userId } from './ids.ts';

/** Receipts and typing go to the others in conversations of at most this many people. */
export const mostPeopleForReceipts = 50;

const deliveredSeq = z
  .int()
  .check(z.meta({ description: 'Number of the newest entry that reached the user’s devices', examples: [42] }));
const readSeq = z.int().check(z.meta({ description: 'Number of the newest entry that the user read', examples: [40] }));

/** Members of a participant that tell how far somebody has come. */
export const watermarkMembers = { deliveredSeq, readSeq };

export const receipt = z.object({ userId, ...watermarkMembers }).register(z.globalRegistry, {
  id: 'Receipt',
  description:
    'How far a user has come in a conversation. Both numbers only rise: of two receipts the higher numbers hold. Who writes a message has read up to it, without a receipt that says so.',
});
export type Receipt = z.infer<typeof receipt>;

export const unreadCount = z.int().check(
  z.meta({
    description:
      'Messages of others that the caller has not read, exactly: no system messages, edits and reactions; deleted messages count still',
    examples: [2],
  }),
);

/** Up to where an unread count counts. */
export const countedThrough = z.int().check(
  z.meta({
    description: 'Number of the newest entry that `unreadCount` knows of; later ones add to it',
    examples: [44],
  }),
);

/** The caller's own state in a conversation. */
export const receiptState = z
  .object({ conversationId, ...watermarkMembers, unreadCount, lastSeq: countedThrough })
  .register(z.globalRegistry, { id: 'ReceiptState', description: 'How far the caller has come in a conversation' });
export type ReceiptState = z.infer<typeof receiptState>;

/** Entries before the end that a mark can reach back. */
export const longestMark = 10_000;

/** Members of a receipt as it is sent, over HTTP and WebSocket. */
export const receiptUpdateMembers = {
  deliveredSeq: z.optional(
    seq.check(z.meta({ description: 'Everything up to this number reached the device', examples: [42] })),
  ),
  readSeq: z.optional(
    seq.check(
      z.meta({
        description: 'Everything up to this number was read, and so has reached the device. Ends a mark as unread.',
        examples: [42],
      }),
    ),
  ),
  unreadFrom: z.optional(
    seq.check(
      z.meta({
        description: `Marks the messages from this number on as unread, for the caller alone: \`readSeq\` stays, the unread count grows. Counts from at most ${longestMark} entries before the end.`,
        examples: [40],
      }),
    ),
  ),
};

interface UpdateMembers {
  readonly deliveredSeq?: number | undefined;
  readonly readSeq?: number | undefined;
  readonly unreadFrom?: number | undefined;
}

/** What a receipt has to say, and what contradicts itself. */
export function checkReceiptUpdate({ value, issues }: z.core.ParsePayload<UpdateMembers>): void {
  const say = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  if (value.readSeq !== undefined && value.unreadFrom !== undefined) say('unreadFrom', 'cannot come with readSeq');
  if (value.deliveredSeq === undefined && value.readSeq === undefined && value.unreadFrom === undefined) {
    say('readSeq', 'is required, or deliveredSeq, or unreadFrom');
  }
}

export const receiptExample = { deliveredSeq: 42, readSeq: 40 } as const;

export const receiptUpdate = z
  .strictObject(receiptUpdateMembers)
  .check(checkReceiptUpdate)
  .register(z.globalRegistry, {
    id: 'ReceiptUpdate',
    examples: [receiptExample],
    description: 'At least one of the numbers; `unreadFrom` not together with `readSeq`.',
  });
export type ReceiptUpdate = z.infer<typeof receiptUpdate>;
