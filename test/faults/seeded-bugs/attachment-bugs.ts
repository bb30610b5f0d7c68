import type { SeededBug } from './seeded-bug.ts';

const attachments = 'test/integration/attachments/attachments.test.ts';

export const attachmentBugs: readonly SeededBug[] = [
  {
    name: 'a file is accepted as the type that its upload declares',
    file: 'shared/features/attachments/examine-and-keep.ts',
    find: 'const examined = await examine(item, uploaded);',
    replaceBy:
      "const examined: Accepted = { kind: 'accepted', bytes: uploaded, properties: {}, thumbnail: undefined };",
    caughtBy: { file: attachments, test: 'a deceptive file' },
  },
  {
    name: 'a file of any form passes as its type',
    file: 'shared/features/attachments/inspection-rules.ts',
    find: '    return await examined(type, bytes);',
    replaceBy: "    return { kind: 'document', type, bytes };",
    caughtBy: {
      file: 'shared/features/attachments/inspection-rules.test.ts',
      test: 'inspect, for a file that ends too early, > rejects type image/png with advice',
    },
  },
  {
    name: 'a message can contain an attachment of another user',
    file: 'shared/features/attachments/attachments-of-message.ts',
    find: 'item.ownerId !== userId || ',
    replaceBy: '',
    caughtBy: {
      file: 'test/integration/messages/changes.test.ts',
      test: 'a message with a file > cannot contain a file of another user or of another conversation',
    },
  },
  {
    name: 'the quotas are counted but not enforced',
    file: 'shared/features/attachments/attachment-store.ts',
    find: '  if (quota === null) return undefined;',
    replaceBy: '  if (quota === null || quota >= 0) return undefined;',
    caughtBy: {
      file: attachments,
      test: 'a limit of attachments > is never exceeded for a user, however many files are announced at once',
    },
  },
  {
    name: 'a file that crashes functions is examined again and again',
    file: 'shared/features/attachments/upload-limits.ts',
    find: 'export const mostExaminations = 3;',
    replaceBy: 'export const mostExaminations = 300;',
    caughtBy: {
      file: attachments,
      test: 'an examination > rejects the file when three examinations ended without a result',
    },
  },
];
