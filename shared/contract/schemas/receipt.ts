import * as z from 'zod/mini';
import { conversationId, seq, userId } from './ids.ts';

/** In larger conversations, others get no receipts or typing. */
export const mostPeopleForReceipts = 50;

const deliveredSeq = z
  .int()
  .check(z.meta({ description: 'Number of the newest entry that reached the user’s devices', examples: [42] }));
const readSeq = z
  .int()
  .check(z.meta({ description: 'Number of the newest entry that the user has read', examples: [40] }));

export const watermarkMembers = { deliveredSeq, readSeq };

export const receipt = z.object({ userId, ...watermarkMembers }).register(z.globalRegistry, {
  id: 'Receipt',
  description:
    'How far a user has received and read a conversation. Both numbers only rise: of two receipts, the higher numbers are valid. A user who sends a message has read up to it, and no receipt announces this.',
});
export type Receipt = z.infer<typeof receipt>;

export const unreadCount = z.int().check(
  z.meta({
    description:
      'Exact number of messages from other users that the caller has not read. System messages, edits and reactions do not count. Deleted messages still count.',
    examples: [2],
  }),
);

export const countedThrough = z.int().check(
  z.meta({
    description: 'Number of the newest entry that `unreadCount` includes. Later messages add to it.',
    examples: [44],
  }),
);

export const receiptState = z
  .object({ conversationId, ...watermarkMembers, unreadCount, lastSeq: countedThrough })
  .register(z.globalRegistry, {
    id: 'ReceiptState',
    description: 'Receipt and unread count of the caller in a conversation',
  });
export type ReceiptState = z.infer<typeof receiptState>;

/** Covers the newest entries. */
export const longestMark = 10_000;

export const receiptUpdateMembers = {
  deliveredSeq: z.optional(
    seq.check(z.meta({ description: 'All entries up to this number have reached the device', examples: [42] })),
  ),
  readSeq: z.optional(
    seq.check(
      z.meta({
        description:
          'The user has read all entries up to this number, so they also count as delivered. Removes the unread mark.',
        examples: [42],
      }),
    ),
  ),
  unreadFrom: z.optional(
    seq.check(
      z.meta({
        description: `Marks the messages from this number on as unread, for the caller only. The unread count grows and \`readSeq\` stays. The mark covers at most the newest ${longestMark} entries.`,
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

export function checkReceiptUpdate({ value, issues }: z.core.ParsePayload<UpdateMembers>): void {
  const report = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  if (value.readSeq !== undefined && value.unreadFrom !== undefined)
    report('unreadFrom', 'must not be combined with readSeq');
  if (value.deliveredSeq === undefined && value.readSeq === undefined && value.unreadFrom === undefined) {
    report('readSeq', 'is required, unless deliveredSeq or unreadFrom is sent');
  }
}

export const receiptExample = { deliveredSeq: 42, readSeq: 40 } as const;

export const receiptUpdate = z
  .strictObject(receiptUpdateMembers)
  .check(checkReceiptUpdate)
  .register(z.globalRegistry, {
    id: 'ReceiptUpdate',
    examples: [receiptExample],
    description: 'Send at least one number. `unreadFrom` and `readSeq` must not be combined.',
  });
export type ReceiptUpdate = z.infer<typeof receiptUpdate>;
