import type { SeededBug } from './seeded-bug.ts';

const groups = 'test/integration/groups/groups.test.ts';
const late = {
  file: 'test/integration/groups/racing-admins.test.ts',
  test: 'a stream record that is repeated much later > reverts no removal, summary or receipt',
};
const removed = { file: groups, test: 'a participant > no longer finds the group after being removed' };

export const conversationBugs: readonly SeededBug[] = [
  {
    name: 'a message is delivered to the participants of a stale cache',
    file: 'shared/features/log/append-as-participant.ts',
    find: '...recipients.filter(({ userId }) => isParticipant(item, userId)),',
    replaceBy: '...recipients,',
    caughtBy: removed,
  },
  {
    name: 'a message is stored although its sender was removed meanwhile',
    file: 'shared/features/log/append-as-participant.ts',
    find: "    if (!canWrite(item)) return { kind: 'stopped', reason: 'no-access' };\n    return (await",
    replaceBy: '    return (await',
    caughtBy: {
      file: groups,
      test: 'a participant > cannot write after being removed, even through functions that cached the membership',
    },
  },
  {
    name: 'a message is acknowledged before it is stored',
    file: 'shared/features/messages/send-message.ts',
    find: '  const { outcome, item, recipients } = await appendAsParticipant({\n',
    replaceBy: `  const guessed = (conversation.tail.entries.at(-1)?.seq ?? 0) + 1;
  const hoped = { conversationId, seq: guessed, senderId: principal.userId, updatedSeq: guessed, ...newMessage };
  const early = caller?.acknowledge({ ...hoped, status: 'sent', createdAt: new Date().toISOString() } as never);
  if (early !== undefined) await deliver(scope, [early]);
  const { outcome, item, recipients } = await appendAsParticipant({
`,
    caughtBy: {
      file: 'test/integration/messaging.test.ts',
      test: 'a message > keeps its position when twenty frames are sent without waiting',
    },
  },
  {
    name: 'users can edit and delete messages of others',
    file: 'shared/features/log/change-rules.ts',
    find: "  if (message.senderId !== right.userId) return { kind: 'not-sender' };\n",
    replaceBy: '',
    caughtBy: {
      file: 'shared/features/log/change-rules.test.ts',
      test: 'mayChange > rejects other users at any time',
    },
  },
  {
    name: 'a deleted message still shows its text',
    file: 'shared/features/timeline/message-view.ts',
    find: 'return { ...common, type: original.type, deletedAt: toTimestamp(deletion.at) };',
    replaceBy: 'return { ...common, ...withEdit(owner, original, entry), deletedAt: toTimestamp(deletion.at) };',
    caughtBy: {
      file: 'shared/features/timeline/message-view.test.ts',
      test: 'a message > shows none of its content after its deletion',
    },
  },
  {
    name: 'an older change restores a removed participant',
    file: 'shared/features/groups/project-members.ts',
    find: "const older = 'attribute_not_exists(#revision) OR #revision < :revision';",
    replaceBy: "const older = 'attribute_not_exists(#revision) OR #revision < :revision OR #revision >= :revision';",
    caughtBy: late,
  },
  {
    name: 'a conversation summary returns to an older entry',
    file: 'shared/features/log/conversation-summary.ts',
    find: `        updated: newest.changes.updatedSeq,
      },
    },
    { expression: 'attribute_not_exists(#lastSeq) OR #lastSeq < :seq', values: {} },`,
    replaceBy: `        updated: newest.changes.updatedSeq,
      },
    },`,
    caughtBy: late,
  },
  {
    name: 'catching up ends with the first page of a conversation',
    file: 'shared/features/sync/missed-entries.ts',
    find: '    if (entries.length === 0) break;\n',
    replaceBy: '    if (entries.length >= 0) break;\n',
    caughtBy: {
      file: 'test/integration/sync/long-absence.test.ts',
      test: 'a client that resumes after a long absence > receives each missed entry up to a limit, and beyond it the newest entries',
    },
  },
  {
    name: 'a receipt can lower a watermark',
    file: 'shared/features/log/receipt-rules.ts',
    find: '  if (seq > progress.readSeq) {',
    replaceBy: '  if (seq !== progress.readSeq) {',
    caughtBy: {
      file: 'shared/features/log/receipt-rules.test.ts',
      test: 'progress > never decreases, for receipts in any order, and includes delivery when a message is read',
    },
  },
  {
    name: 'messages from before a user joined count as unread',
    file: 'shared/features/log/receipt-rules.ts',
    find: 'Math.max(0, count - Math.max(progress.readCount, sinceCount));',
    replaceBy: 'Math.max(0, count - progress.readCount);',
    caughtBy: {
      file: 'shared/features/log/receipt-rules.test.ts',
      test: 'unreadOf > excludes messages from before the user joined, and is never negative',
    },
  },
  {
    name: 'each change of a message counts as another unread message',
    file: 'shared/features/log/append.ts',
    find: 'count: state.count + (command.kind.countsAsUnread ? 1 : 0),',
    replaceBy: 'count: state.count + 1,',
    caughtBy: { file: 'shared/features/log/append.test.ts', test: 'append > counts only messages' },
  },
  {
    name: 'an unread mark is dropped',
    file: 'shared/features/log/receipt-rules.ts',
    find: 'markedUnread: count, readCount:',
    replaceBy: 'readCount:',
    caughtBy: {
      file: 'shared/features/log/receipt-rules.test.ts',
      test: 'an unread mark > increases the unread count, and replaces an earlier mark',
    },
  },
  {
    name: 'every typing signal is forwarded, without a limit',
    file: 'shared/features/receipts/typing-rules.ts',
    find: 'now - last.since >= intervalMs',
    replaceBy: 'now >= last.since',
    caughtBy: {
      file: 'shared/features/receipts/typing-rules.test.ts',
      test: 'passOn > passes on at most one start in two seconds',
    },
  },
  {
    name: 'a user stays online after the last lease has expired',
    file: 'shared/core/delivery/presence-rules.ts',
    find: 'const live = Object.values(state.leases).filter((lease) => endOf(lease) > at);',
    replaceBy: 'const live = Object.values(state.leases).filter((lease) => endOf(lease) > 0);',
    caughtBy: {
      file: 'shared/core/delivery/presence-rules.test.ts',
      test: 'presenceOf > is offline if its only lease has expired',
    },
  },
];
