import type { SeededBug } from './seeded-bug.ts';

/** Mistakes in the client, which has to make up for what the platform may lose, repeat and reorder. */
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
    name: 'the client takes what comes last for the newest version',
    file: 'shared/client/message-versions.ts',
    find: 'const isNewer = updatedSeq > versions.contentSeq;',
    replaceBy: 'const isNewer = updatedSeq > 0;',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'the chat state > equals the state of fresh pages, whatever the order and repetition of events',
    },
  },
  {
    name: 'the client does not ask for a count that only the server knows',
    file: 'shared/client/inbox-rules.ts',
    find: 'return entry.unresolvedCounts.length === 0 && entry.ahead',
    replaceBy: 'return entry.unresolvedCounts.length >= 0 && entry.ahead',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'is uncertain after an unread mark, which only the server can count',
    },
  },
  {
    name: 'the client compares a count with its own up to another entry',
    file: 'shared/client/inbox-rules.ts',
    find: 'unreadOf(entry, ownUserId, lastSeq).count',
    replaceBy: 'unreadOf(entry, ownUserId).count',
    caughtBy: {
      file: 'shared/client/chat-state-rules.test.ts',
      test: 'the chat state > equals the state of fresh pages, whatever the order and repetition of events',
    },
  },
  {
    name: 'for the client, whoever answers has not read what is answered',
    file: 'shared/client/inbox-rules.ts',
    find: "return type === 'system' ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];",
    replaceBy: "return type !== 'system' ? [] : [{ userId: senderId, deliveredSeq: seq, readSeq: seq }];",
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
    name: 'catching up that is asked for while a page is on its way is done with that page',
    file: 'shared/client/conversation-view.ts',
    find: 'if (!isEnd) this.#stale = true;',
    replaceBy: 'this.#stale = !isEnd;',
    caughtBy: {
      file: 'shared/client/missed-changes.test.ts',
      test: 'a view that misses the event of a change > finds a change by catching up again while a page is under way',
    },
  },
  {
    name: 'a second look at messages passes for all that came to pass while it was taken',
    file: 'shared/client/conversation-view.ts',
    find: 'this.#set(renewMessages(this.#timeline, items));',
    replaceBy: 'this.#set(addPage(this.#timeline, items, { after, through: covers.through }));',
    caughtBy: {
      file: 'shared/client/missed-changes.test.ts',
      test: 'a view that misses the event of a change > finds a change that happens between the pages of a refresh',
    },
  },
  {
    name: 'a reaction that changed nothing passes for the entry that changed its message last',
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
    file: 'shared/client/outbox.ts',
    find: "uncertain: pending.state === 'sending' || pending.uncertain",
    replaceBy: 'uncertain: false',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'a message that was pending when the client closed > counts as uncertain if it was being sent',
    },
  },
  {
    name: 'a message is repeated under a new id though it may be stored',
    file: 'shared/client/outbox-rules.ts',
    find: 'if (!attempted.uncertain || leadMs > clockLeadMs + serversApartMs)',
    replaceBy: 'if (leadMs < clockLeadMs + serversApartMs || leadMs > 0)',
    caughtBy: {
      file: 'shared/client/outbox-rules.test.ts',
      test: 'a clock skew > gives up a message that became too old after a lost answer, because it may be stored',
    },
  },
  {
    name: 'a lost answer is taken for a refusal',
    file: 'shared/client/outbox-lane.ts',
    find: 'uncertain: attempted.uncertain || !isLoggedOut',
    replaceBy: 'uncertain: attempted.uncertain && isLoggedOut',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'never sends a message that may be stored under another id',
    },
  },
  {
    name: 'an error of the client passes for a lost connection, and holds back what is behind it',
    file: 'shared/client/outbox-lane.ts',
    find: 'if (!isLoggedOut && !(error instanceof NetworkError))',
    replaceBy: 'if (!isLoggedOut && !(error instanceof Error))',
    caughtBy: {
      file: 'shared/client/outbox.test.ts',
      test: 'a message that cannot be sent > fails with its reason after a TypeError and does not block the next message',
    },
  },
  {
    name: 'attempts follow one another without a growing wait',
    file: 'shared/client/back-off.ts',
    find: 'bound = Math.min(capMs, bound * 2);',
    replaceBy: 'bound = Math.min(capMs, bound);',
    caughtBy: {
      file: 'shared/client/back-off.test.ts',
      test: 'the back-off > draws waits below a bound that doubles up to its cap',
    },
  },
  {
    name: 'a lost page of what was missed counts as complete',
    file: 'shared/client/socket-resume.ts',
    find: '    } catch {\n      return false;',
    replaceBy: '    } catch {\n      return true;',
    caughtBy: { file: 'shared/client/socket.test.ts', test: 'catching up > is incomplete when a page is lost' },
  },
];
