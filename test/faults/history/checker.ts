import type { ConversationHistory, SeenMessage, SentMessage, Told } from './history.ts';

export type ViolationKind =
  /** An acknowledged message is not in the log. */
  | 'lost'
  /** A message is in the log twice, two answers named different numbers, or a client was told twice. */
  | 'repeated'
  /** A number is missing in the log, or in what a client was told. */
  | 'gap'
  /** Messages of one writer stand in another order than they were sent in, or a client was told in another order. */
  | 'inversion'
  /** An answer named another number than the message has. */
  | 'misplaced'
  /** A message was refused for good and is in the log nevertheless. */
  | 'refused-but-stored'
  /** A message that nobody sent, or with another text than was sent. */
  | 'invented'
  /** A client was told something else than the log has. */
  | 'divergence';

export interface Violation {
  readonly kind: ViolationKind;
  readonly conversationId: string;
  readonly detail: string;
}

/** Everything in a history that must not be. */
export function violationsOf(history: ConversationHistory): readonly Violation[] {
  const { conversationId } = history;
  const found: Violation[] = [];
  const report: Report = (kind, detail) => void found.push({ kind, conversationId, detail });
  const messages = history.log.flatMap(({ message }) => message ?? []);
  checkNumbers(history, report);
  checkSent(history.sent, messages, report);
  for (const told of history.told) checkTold(told, messages, report);
  return found;
}

type Report = (kind: ViolationKind, detail: string) => void;

function checkNumbers({ log }: ConversationHistory, report: Report): void {
  log.forEach(({ seq }, index) => {
    const before = log[index - 1]?.seq ?? 0;
    if (seq === before) report('repeated', `number ${seq} is in the log twice`);
    else if (seq < before) report('inversion', `number ${seq} comes after ${before} in the log`);
    else if (seq > before + 1) report('gap', `the log goes from ${before} to ${seq}`);
  });
}

function nameOf(message: { readonly senderId: string; readonly clientMessageId: string }): string {
  return `${message.senderId}/${message.clientMessageId}`;
}

function checkSent(sent: readonly SentMessage[], messages: readonly SeenMessage[], report: Report): void {
  const stored = new Map<string, SeenMessage>();
  for (const message of messages) {
    const name = nameOf(message);
    const first = stored.get(name);
    if (first === undefined) stored.set(name, message);
    else report('repeated', `${name} has the numbers ${first.seq} and ${message.seq}`);
  }
  const known = new Set<string>();
  const newest = new Map<string, SeenMessage>();
  for (const one of sent) {
    const name = nameOf(one);
    known.add(name);
    const message = stored.get(name);
    const acks = [...new Set(one.acks)];
    if (acks.length > 1) report('repeated', `${name} was acknowledged as ${acks.join(' and ')}`);
    if (message === undefined) {
      if (acks.length > 0) report('lost', `${name}, acknowledged as ${acks.join()}, is not in the log`);
      continue;
    }
    if (acks.length === 0 && one.refused) report('refused-but-stored', `${name} has number ${message.seq}`);
    if (acks.length > 0 && !acks.includes(message.seq)) {
      report('misplaced', `${name}, acknowledged as ${acks.join()}, has number ${message.seq}`);
    }
    if (!message.shown.includes(JSON.stringify(one.text))) report('invented', `${name} has another text`);
    const before = newest.get(one.writer);
    if (before !== undefined && before.seq > message.seq) {
      report('inversion', `${nameOf(before)} was sent before ${name}, and has number ${before.seq} > ${message.seq}`);
    }
    newest.set(one.writer, message);
  }
  for (const name of stored.keys()) if (!known.has(name)) report('invented', `nobody sent ${name}`);
}

function checkTold({ observer, way, after, messages }: Told, log: readonly SeenMessage[], report: Report): void {
  const expected = new Map(log.filter(({ seq }) => seq > after).map((message) => [message.seq, message]));
  const seen = new Set<number>();
  let last = after;
  for (const message of messages) {
    const { seq, shown } = message;
    const label = `${observer} (${way}): number ${seq}`;
    if (seen.has(seq)) report('repeated', `${label} came twice`);
    else if (seq <= last) report('inversion', `${label} came after ${last}`);
    seen.add(seq);
    last = Math.max(last, seq);
    const truth = expected.get(seq);
    if (truth === undefined) report('divergence', `${label} is not in the log after ${after}`);
    else if (truth.shown !== shown) report('divergence', `${label} is ${shown}, and in the log ${truth.shown}`);
  }
  for (const seq of expected.keys())
    if (!seen.has(seq)) report('gap', `${observer} (${way}): number ${seq} never came`);
}
