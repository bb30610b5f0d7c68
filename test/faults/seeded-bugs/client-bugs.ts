import type { SeededBug } from './seeded-bug.ts';

export const clientBugs: readonly SeededBug[] = [
  {
    name: 'the client does not detect gaps',
    file: 'shared/client/timeline.ts',
    find: 'return first === undefined || second === undefined ? undefined :',
    replaceBy: 'return first === undefined || second === undefined || first !== second ? undefined :',
    caughtBy: {
      file: 'shared/client/conversation-view.test.ts',
      test: 'an open conversation > fetches all pages of lost messages, and announces each message once and in order',
    },
  },
  {
    name: 'the client accepts the version that arrives last as the newest one',
    file: 'shared/client/message-versions.ts',
    find: 'const isNewer = updatedSeq > versions.contentSeq;',
    replaceBy: 'const isNewer = updatedSeq > 0;',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'the chat state > equals the state of fresh pages, whatever the order and repetition of events',
    },
  },
  {
    name: 'the client does not request a count that only the server can compute',
    file: 'shared/client/inbox-rules.ts',
    find: 'return entry.unresolvedCounts.length === 0 && entry.ahead',
    replaceBy: 'return entry.unresolvedCounts.length >= 0 && entry.ahead',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'must fetch a conversation after an unread mark, which only the server can count',
    },
  },
  {
    name: 'the client compares counts up to different entries',
    file: 'shared/client/inbox-rules.ts',
    find: 'unreadOf(entry, ownUserId, lastSeq).count',
    replaceBy: 'unreadOf(entry, ownUserId).count',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'the chat state > equals the state of fresh pages, whatever the order and repetition of events',
    },
  },
  {
    name: 'the client does not count a sender’s own message as read by the sender',
    file: 'shared/client/inbox-rules.ts',
    find: 'return !countsAsUnread(type) ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];',
    replaceBy: 'return countsAsUnread(type) ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'the chat state > equals the state of fresh pages, whatever the order and repetition of events',
    },
  },
  {
    name: 'the client shows messages after a gap',
    file: 'shared/client/timeline.ts',
    find: 'seq > after && seq <= through ? [message] : []',
    replaceBy: 'seq > after ? [message] : []',
    caughtBy: {
      file: 'shared/client/timeline.test.ts',
      test: 'a timeline > shows nothing after a gap until a page closes it',
    },
  },
  {
    name: 'the client catches up with one page only',
    file: 'shared/client/conversation-view.ts',
    find: 'isEnd = page.nextCursor === null;',
    replaceBy: 'isEnd = true;',
    caughtBy: {
      file: 'shared/client/conversation-view.test.ts',
      test: 'an open conversation > catches up to the end of the log over several pages',
    },
  },
  {
    name: 'a request to catch up while a page is loading is fulfilled by that page',
    file: 'shared/client/conversation-view.ts',
    find: 'if (!isEnd) this.#stale = true;',
    replaceBy: 'this.#stale = !isEnd;',
    caughtBy: {
      file: 'shared/client/missed-changes.test.ts',
      test: 'a view that misses the event of a change > finds a change by catching up again while a page is under way',
    },
  },
  {
    name: 'a refresh of messages is assumed to include all changes during the refresh',
    file: 'shared/client/conversation-view.ts',
    find: 'this.#set(renewMessages(this.#timeline, items));',
    replaceBy: 'this.#set(addPage(this.#timeline, items, { after, through: covers.through }));',
    caughtBy: {
      file: 'shared/client/missed-changes.test.ts',
      test: 'a view that misses the event of a change > finds a change that happens between the pages of a refresh',
    },
  },
  {
    name: 'a reaction that changed nothing is assumed to be the latest change of its message',
    file: 'shared/client/event-entry-rules.ts',
    find: 'return { seq: reactions.seq, reactions };',
    replaceBy: 'return { seq: reactions.updatedSeq, reactions };',
    caughtBy: {
      file: 'shared/client/followed-conversations.test.ts',
      test: 'an acknowledgement > adds no entry when it contains only the current reactions',
    },
  },
  {
    name: 'an outbox forgets on a restart that an attempt may have succeeded',
    file: 'shared/client/outbox-rules.ts',
    find: "uncertain: pending.state === 'sending' || pending.uncertain",
    replaceBy: 'uncertain: false',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'a message that was pending when the client closed > counts as uncertain if it was being sent',
    },
  },
  {
    name: 'a message that may be stored is repeated under a new id',
    file: 'shared/client/outbox-rules.ts',
    find: 'if (!attempted.uncertain || leadMs > clockLeadMs + serversApartMs)',
    replaceBy: 'if (leadMs < clockLeadMs + serversApartMs || leadMs > 0)',
    caughtBy: {
      file: 'shared/client/outbox-rules.test.ts',
      test: 'a clock skew > gives up a message that became too old after a lost answer, because it may be stored',
    },
  },
  {
    name: 'a lost answer is treated as a rejection',
    file: 'shared/client/outbox-lane.ts',
    find: 'uncertain: attempted.uncertain || !isLoggedOut',
    replaceBy: 'uncertain: attempted.uncertain && isLoggedOut',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'never sends a message that may be stored under another id',
    },
  },
  {
    name: 'an error in the client is treated as a lost connection and blocks later messages',
    file: 'shared/client/outbox-lane.ts',
    find: 'if (!isLoggedOut && !(error instanceof NetworkError))',
    replaceBy: 'if (!isLoggedOut && !(error instanceof Error))',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'a message that cannot be sent > fails with its reason after a TypeError and does not block the next message',
    },
  },
  {
    name: 'the wait between attempts does not grow',
    file: 'shared/client/back-off.ts',
    find: 'bound = Math.min(capMs, bound * 2);',
    replaceBy: 'bound = Math.min(capMs, bound);',
    caughtBy: {
      file: 'shared/client/back-off.test.ts',
      test: 'the back-off > draws waits below a bound that doubles up to its cap',
    },
  },
  {
    name: 'catching up counts as complete although a page is lost',
    file: 'shared/client/socket-resume.ts',
    find: '    } catch {\n      return false;',
    replaceBy: '    } catch {\n      return true;',
    caughtBy: { file: 'shared/client/socket.test.ts', test: 'catching up > is incomplete when a page is lost' },
  },
];
