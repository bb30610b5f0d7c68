import type { SeededBug } from './seeded-bug.ts';

const append = 'shared/features/log/append.test.ts';
const run = { file: 'test/faults/runs/log.test.ts', environment: { SENDS: '800', SEED: '7' } };

export const logBugs: readonly SeededBug[] = [
  {
    name: 'an entry overwrites another entry with the same seq',
    file: 'shared/features/log/log-store.ts',
    find: 'await tenantTable(scope).put(key, toStoredEntry(entry), absent);',
    replaceBy: 'await tenantTable(scope).put(key, toStoredEntry(entry));',
    caughtBy: { ...run, test: 'loses, repeats and reorders nothing' },
  },
  {
    name: 'a change is in the log but not in its message',
    file: 'shared/features/messages/fold-change.ts',
    find: "work.update('message', keys.logEntry(conversationId, message.seq), { expression, values: { ...stored } }, present);",
    replaceBy:
      "work.check('message', keys.logEntry(conversationId, message.seq), { ...present, ...(expression && {}) });",
    caughtBy: { ...run, test: 'loses, repeats and reorders nothing' },
  },
  {
    name: 'an entry is reported as stored before it is',
    file: 'shared/features/log/append-to-log.ts',
    find: 'const put = await storage.putEntry(owner, entry, permission.extraWrites);',
    replaceBy: `void storage.putEntry(owner, entry, permission.extraWrites).catch(() => undefined);
    const put = { written: true, taken: entry };`,
    caughtBy: {
      file: 'shared/features/log/append-to-log.test.ts',
      test: 'appendToLog, from a tail without the newest entries, > writes the slot after the newest entry',
    },
  },
  {
    name: 'a message is rejected based on a cache that may be stale',
    file: 'shared/features/log/append-to-log.ts',
    find: '      if (confirmed) return ended(decision);\n',
    replaceBy: '      if (!confirmed || confirmed) return ended(decision);\n',
    caughtBy: {
      file: 'shared/features/log/append-to-log.test.ts',
      test: 'appendToLog, from a tail without the newest entries, > returns a stored message as a duplicate',
    },
  },
  {
    name: 'an edit takes the slot of the message that it edits',
    file: 'shared/features/log/append-to-log.ts',
    find: "if (permission.kind !== 'granted' || isStale) {",
    replaceBy: "if (permission.kind !== 'granted') {",
    caughtBy: {
      file: 'shared/features/log/append-to-log.test.ts',
      test: 'appendToLog, from a tail without the newest entries, > does not try the slot of the message that the entry changes',
    },
  },
  {
    name: 'a message is mistaken for a message of another sender with the same id',
    file: 'shared/features/log/append.ts',
    find: 'return entry.clientMessageId === command.clientMessageId && entry.senderId === command.senderId;',
    replaceBy: 'return entry.clientMessageId === command.clientMessageId;',
    caughtBy: { file: append, test: 'append > accepts the same id from another sender' },
  },
  {
    name: 'the limit of messages allows one message too many',
    file: 'shared/features/log/append.ts',
    find: 'recent.length >= command.perMinute &&',
    replaceBy: 'recent.length > command.perMinute &&',
    caughtBy: {
      file: append,
      test: 'append > with a limit of 3 messages in 60 seconds > accepts the third message and rejects the fourth',
    },
  },
  {
    name: 'a late message is stored without a deep read',
    file: 'shared/features/log/append.ts',
    find: '  if (searchedSince > since && !reachesBack(tail, since)) return',
    replaceBy: '  if (searchedSince > since && tail.entries.length > 1e9) return',
    caughtBy: {
      file: append,
      test: 'append > reads back to the earliest possible time of the original before it accepts a late message',
    },
  },
  {
    name: 'a deep read ends at the id’s time and ignores that the client’s clock may be ahead',
    file: 'shared/features/log/append.ts',
    find: 'const since = command.claimedAt - clockLeadMs;',
    replaceBy: 'const since = command.claimedAt;',
    caughtBy: {
      file: append,
      test: 'append > reads back to the earliest possible time of the original before it accepts a late message',
    },
  },
  {
    name: 'a tail counts as complete although older entries may have the same time',
    file: 'shared/features/log/log-tail.ts',
    find: 'oldest.createdAt < since;',
    replaceBy: 'oldest.createdAt <= since;',
    caughtBy: {
      file: append,
      test: 'append > reads back when the oldest entry of the tail has exactly the earliest possible time of the original',
    },
  },
  {
    name: 'a tail is extended across a gap',
    file: 'shared/features/log/log-tail.ts',
    find: '    if (entry.seq === next) {',
    replaceBy: '    if (entry.seq >= next) {',
    caughtBy: {
      file: 'shared/features/log/log-tail.test.ts',
      test: 'extend > adds no entry after a gap, for any page',
    },
  },
];
