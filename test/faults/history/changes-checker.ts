import type { MessageChange, ConversationHistory, LoggedChange, SentChange } from './history.ts';
import type { Report } from './violations.ts';

type NumberedChange = LoggedChange & { readonly seq: number };

export function checkChanges({ log, changes = [] }: ConversationHistory, report: Report): void {
  const logged = log.flatMap(({ seq, change }) => (change === undefined ? [] : [{ ...change, seq }]));
  checkSentChanges(changes, logged, report);
  checkFolds(
    log,
    Map.groupBy(logged, ({ target }) => target),
    report,
  );
}

const quality = ({ kind, senderId, target, text, emoji, added }: MessageChange): string =>
  [
    kind,
    `by ${senderId}`,
    `of ${target}`,
    ...(kind === 'edit' ? [text] : []),
    ...(kind === 'reaction' ? [added ? '+' : '-', emoji] : []),
  ].join(' ');

function checkSentChanges(changes: readonly SentChange[], logged: readonly NumberedChange[], report: Report): void {
  const bySeq = new Map(logged.map((change) => [change.seq, change]));
  const newest = new Map<string, number>();
  for (const change of changes) {
    const name = quality(change);
    const acks = [...new Set(change.acks)];
    if (acks.length > 1) report('repeated', `${name} was acknowledged as ${acks.join(' and ')}`);
    for (const seq of acks) {
      const found = bySeq.get(seq);
      if (found === undefined) report('lost', `${name}, acknowledged as ${seq}, is not in the log`);
      else if (quality(found) !== name)
        report('misplaced', `${name}, acknowledged as ${seq}, is ${quality(found)} there`);
      const before = newest.get(change.writer) ?? 0;
      if (before > seq) report('inversion', `${name} has number ${seq}, and an earlier change of its writer ${before}`);
      newest.set(change.writer, Math.max(before, seq));
    }
  }
  checkCounts(changes, logged, report);
}

function checkCounts(changes: readonly SentChange[], logged: readonly NumberedChange[], report: Report): void {
  const sent = Map.groupBy(changes, quality);
  const stored = Map.groupBy(logged, quality);
  for (const [name, entries] of stored) {
    const asked = sent.get(name) ?? [];
    const possible = asked.filter(({ refused }) => !refused);
    const mostOnce = entries[0]?.kind === 'deletion' ? 1 : possible.length;
    if (asked.length === 0) report('invented', `no user requested ${name}`);
    else if (possible.length === 0) report('refused-but-stored', `${name} has number ${entries[0]?.seq}`);
    else if (entries.length > mostOnce) report('repeated', `${name} is in the log ${entries.length} times`);
  }
  for (const [name, asked] of sent) {
    const isKept = asked.some(({ kind, confirmed }) => confirmed && kind !== 'reaction');
    if (isKept && !stored.has(name)) report('lost', `${name} was confirmed but is not in the log`);
  }
  checkReactions(changes, logged, report);
}

function checkReactions(changes: readonly SentChange[], logged: readonly NumberedChange[], report: Report): void {
  const reactionOf = ({ senderId, target, emoji }: MessageChange): string => `${emoji} by ${senderId} of ${target}`;
  const deleted = new Set(logged.filter(({ kind }) => kind === 'deletion').map(({ target }) => target));
  const stored = Map.groupBy(
    logged.filter(({ kind }) => kind === 'reaction'),
    reactionOf,
  );
  for (const [name, entries] of stored) {
    entries.forEach(({ added, seq }, index) => {
      if (added !== (index % 2 === 0)) report('repeated', `${name} came or went twice, with number ${seq}`);
    });
  }
  const asked = Map.groupBy(
    changes.filter(({ kind }) => kind === 'reaction'),
    reactionOf,
  );
  for (const [name, all] of asked) {
    const last = all.at(-1);
    if (last?.confirmed !== true || deleted.has(last.target)) continue;
    const isThere = stored.get(name)?.at(-1)?.added === true;
    if (isThere !== (last.added === true)) report('lost', `${name} was confirmed to ${last.added ? 'come' : 'go'}`);
  }
}

function checkFolds(
  log: ConversationHistory['log'],
  changes: ReadonlyMap<number, readonly NumberedChange[]>,
  report: Report,
): void {
  const messages = new Set(log.flatMap(({ seq, message }) => (message === undefined ? [] : [seq])));
  for (const [target, [first]] of changes) {
    if (!messages.has(target) || target >= (first?.seq ?? 0))
      report('unfolded', `${first?.seq} changes ${target}, which is not an earlier message`);
  }
  for (const { seq, message, original } of log) {
    if (message === undefined || original === undefined) continue;
    const expected = replayed(seq, original, changes.get(seq) ?? []);
    const actual = contentOf(message.shown);
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
      report('unfolded', `${seq} is ${JSON.stringify(actual)}, but its changes result in ${JSON.stringify(expected)}`);
    }
    const end = changes.get(seq)?.findIndex(({ kind }) => kind === 'deletion') ?? -1;
    const after = end < 0 ? undefined : changes.get(seq)?.[end + 1];
    if (after !== undefined) report('changed-after-deletion', `${quality(after)} has number ${after.seq}`);
  }
}

interface MessageContent {
  readonly text: string | undefined;
  readonly updatedSeq: number;
  readonly editedAt: string | undefined;
  readonly deletedAt: string | undefined;
  /** Sorted by emoji; users in order of reaction. */
  readonly reactions: readonly { readonly emoji: string; readonly userIds: readonly string[] }[];
}

export function replayed(
  seq: number,
  original: string,
  changes: readonly (LoggedChange & { readonly seq: number })[],
): MessageContent {
  const start: MessageContent = {
    text: original,
    updatedSeq: seq,
    editedAt: undefined,
    deletedAt: undefined,
    reactions: [],
  };
  return changes.reduce<MessageContent>((content, { kind, at, text, emoji = '', senderId, added, seq: updatedSeq }) => {
    if (kind === 'edit') return { ...content, text, updatedSeq, editedAt: at };
    if (kind === 'deletion') return { ...start, text: undefined, updatedSeq, deletedAt: at };
    const withoutEmoji = content.reactions.filter((reaction) => reaction.emoji !== emoji);
    const before = content.reactions.find((reaction) => reaction.emoji === emoji)?.userIds ?? [];
    const userIds = added === true ? [...before, senderId] : before.filter((userId) => userId !== senderId);
    const reactions = userIds.length === 0 ? withoutEmoji : [...withoutEmoji, { emoji, userIds }];
    return {
      ...content,
      updatedSeq,
      reactions: reactions.sort((first, second) => (first.emoji < second.emoji ? -1 : 1)),
    };
  }, start);
}

function contentOf(shown: string): MessageContent {
  const { text, updatedSeq, editedAt, deletedAt, reactions = [] } = JSON.parse(shown) as MessageContent;
  return {
    text,
    updatedSeq,
    editedAt,
    deletedAt,
    reactions: reactions.map(({ emoji, userIds }) => ({ emoji, userIds })),
  };
}
