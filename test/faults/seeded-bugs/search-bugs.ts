import type { SeededBug } from './seeded-bug.ts';

const newestFirst = 'shared/features/search/newest-first.test.ts';
const search = 'test/integration/search/search.test.ts';

/** Mistakes in what searches find, and in what the index shows. */
export const searchBugs: readonly SeededBug[] = [
  {
    name: 'what is found is told before all that is younger has been read',
    file: 'shared/features/search/merge-rules.ts',
    find: 'byPosition(candidate, frontier) <= 0',
    replaceBy: 'byPosition(candidate, frontier) <= Infinity',
    caughtBy: {
      file: newestFirst,
      test: 'pages of what is found > are together what there is, newest first, without repetitions and holes',
    },
  },
  {
    name: 'messages of one instant are found twice, or not at all, where a page ends between them',
    file: 'shared/features/search/merge-rules.ts',
    find: ': order > 0\n',
    replaceBy: ': order < 0\n',
    caughtBy: {
      file: newestFirst,
      test: 'pages of what is found > are the same where each request looks at little, and then may have few or none',
    },
  },
  {
    name: 'a request that has looked at enough leaves conversations unread, and the next one gets no further',
    file: 'shared/features/search/newest-first.ts',
    find: '.filter(({ isRead }) => !isRead || !isSpent)',
    replaceBy: '.filter(() => !isSpent)',
    caughtBy: {
      file: newestFirst,
      test: 'what a request reads > is a page of each of many conversations, and then gets on, where nothing is found for long',
    },
  },
  {
    name: 'the same word has the same token in all messages of a conversation',
    file: 'shared/features/search/term-hashes.ts',
    find: '.update(String(seq))',
    replaceBy: '.update(String(seq * 0))',
    caughtBy: {
      file: 'shared/features/search/term-hashes.test.ts',
      test: 'the same words have no token in common in two messages, two conversations or two tenants',
    },
  },
  {
    name: 'tokens lie in the order of the words',
    file: 'shared/features/search/term-hashes.ts',
    find: 'tokens.sort((one, other) => one.compare(other))',
    replaceBy: 'tokens',
    caughtBy: {
      file: 'shared/features/search/term-hashes.test.ts',
      test: 'the order of tokens says nothing of the order of words',
    },
  },
  {
    name: 'newcomers find what was written before them',
    file: 'shared/features/search/found-messages.ts',
    find: '        if (!isVisible(entry, access)) return [];\n',
    replaceBy: '',
    caughtBy: {
      file: search,
      test: 'nobody finds > what was written before their coming, where newcomers see only what follows',
    },
  },
  {
    name: 'what a message said before it was deleted stays in the index',
    file: 'shared/features/search/search-index.ts',
    find: "'attribute_not_exists(#pk) OR #u < :u'",
    replaceBy: "'attribute_not_exists(#pk) OR #u > :u'",
    caughtBy: {
      file: search,
      test: 'a search > finds nothing that was deleted, also when its events come again, late and in the wrong order',
    },
  },
];
