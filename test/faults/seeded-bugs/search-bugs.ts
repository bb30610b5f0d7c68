import type { SeededBug } from './seeded-bug.ts';

const newestFirst = 'shared/features/search/newest-first.test.ts';
const search = 'test/integration/search/search.test.ts';

export const searchBugs: readonly SeededBug[] = [
  {
    name: 'a search returns a match before it has read all newer messages',
    file: 'shared/features/search/merge-rules.ts',
    find: 'byPosition(candidate, frontier) <= 0',
    replaceBy: 'byPosition(candidate, frontier) <= Infinity',
    caughtBy: {
      file: newestFirst,
      test: 'findNewest > returns every match once, newest first',
    },
  },
  {
    name: 'messages of the same instant are found twice or not at all when a page ends between them',
    file: 'shared/features/search/merge-rules.ts',
    find: ': order > 0\n',
    replaceBy: ': order < 0\n',
    caughtBy: {
      file: newestFirst,
      test: 'findNewest > returns the same matches when each request has a small budget',
    },
  },
  {
    name: 'a request that has used up its budget skips unread conversations, and the next request makes no progress',
    file: 'shared/features/search/newest-first.ts',
    find: '.filter(({ isRead }) => !isRead || !isSpent)',
    replaceBy: '.filter(() => !isSpent)',
    caughtBy: {
      file: newestFirst,
      test: 'findNewest, reading as little as possible, > reads a page of each conversation before it continues when nothing matches for long',
    },
  },
  {
    name: 'the same word has the same term hash in all messages of a conversation',
    file: 'shared/features/search/term-hashes.ts',
    find: '.update(String(seq))',
    replaceBy: '.update(String(seq * 0))',
    caughtBy: {
      file: 'shared/features/search/term-hashes.test.ts',
      test: 'makes different hashes for the same words in two messages, conversations or tenants',
    },
  },
  {
    name: 'term hashes are in the order of the words',
    file: 'shared/features/search/term-hashes.ts',
    find: 'hashes.sort((first, second) => first.compare(second))',
    replaceBy: 'hashes',
    caughtBy: {
      file: 'shared/features/search/term-hashes.test.ts',
      test: 'orders hashes independently of the order of words',
    },
  },
  {
    name: 'newcomers find messages from before they joined',
    file: 'shared/features/search/found-messages.ts',
    find: 'if (isNewer || !isVisible(entry, access)) return [];',
    replaceBy: 'if (isNewer) return [];',
    caughtBy: {
      file: search,
      test: 'a user > finds messages from before joining only when the group shows newcomers its full history',
    },
  },
  {
    name: 'the text of a deleted message stays in the index',
    file: 'shared/features/search/search-index.ts',
    find: "'attribute_not_exists(#pk) OR #u < :u'",
    replaceBy: "'attribute_not_exists(#pk) OR #u > :u'",
    caughtBy: {
      file: search,
      test: 'a search > never finds a deleted message, even when its events are repeated late and out of order',
    },
  },
];
