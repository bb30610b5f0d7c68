import type { SeededBug } from './seeded-bug.ts';

const attachments = 'test/integration/attachments/attachments.test.ts';

/** Mistakes about files: what is taken, from whom, and how much. */
export const attachmentBugs: readonly SeededBug[] = [
  {
    name: 'a file is taken for what it is said to be',
    file: 'shared/features/attachments/examine-and-keep.ts',
    find: 'const examined = await examine(item, uploaded);',
    replaceBy:
      "const examined: Accepted = { kind: 'accepted', bytes: uploaded, properties: {}, thumbnail: undefined };",
    caughtBy: { file: attachments, test: 'a file that lies' },
  },
  {
    name: 'whatever its form, a file is of its type',
    file: 'shared/features/attachments/inspection-rules.ts',
    find: '    return await examined(type, bytes);',
    replaceBy: "    return { kind: 'document', type, bytes };",
    caughtBy: {
      file: 'shared/features/attachments/inspection-rules.test.ts',
      test: 'a file that ends too early > is rejected with advice if it is of type image/png',
    },
  },
  {
    name: 'a message carries what somebody else uploaded',
    file: 'shared/features/attachments/attachments-of-message.ts',
    find: 'item.ownerId !== userId || ',
    replaceBy: '',
    caughtBy: {
      file: 'test/integration/messages/changes.test.ts',
      test: 'a message with a file > cannot carry what somebody else uploaded, nor what was uploaded for another conversation',
    },
  },
  {
    name: 'the quotas are counted but not enforced',
    file: 'shared/features/attachments/attachment-store.ts',
    find: '  if (quota === null) return undefined;',
    replaceBy: '  if (quota === null || quota >= 0) return undefined;',
    caughtBy: {
      file: attachments,
      test: 'the quotas > of a user is never exceeded, however many files are announced at once',
    },
  },
  {
    name: 'a file on which functions die is examined without end',
    file: 'shared/features/attachments/upload-limits.ts',
    find: 'export const mostExaminations = 3;',
    replaceBy: 'export const mostExaminations = 300;',
    caughtBy: {
      file: attachments,
      test: 'an examination > is not begun a fourth time if three ended without a result: the file is rejected',
    },
  },
];
