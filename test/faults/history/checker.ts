import { checkChanges } from './changes-checker.ts';
import type { ConversationHistory, LoggedEntry, SeenMessage, SentMessage, ReceivedMessages } from './history.ts';
import type { Report, Violation } from './violations.ts';

export function violationsOf(history: ConversationHistory): readonly Violation[] {
  const { conversationId } = history;
  const found: Violation[] = [];
  const report: Report = (kind, detail) => void found.push({ kind, conversationId, detail });
  const messages = history.log.flatMap(({ message }) => message ?? []);
  checkNumbers(history, report);
  checkSent(history.sent, history.log, report);
  checkChanges(history, report);
  for (const received of history.received) checkReceived(received, messages, report);
  return found;
}

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

function checkSent(sent: readonly SentMessage[], log: readonly LoggedEntry[], report: Report): void {
  const stored = new Map<string, SeenMessage>();
  const originals = new Map(log.map(({ seq, original }) => [seq, original]));
  for (const { message } of log) {
    if (message === undefined) continue;
    const name = nameOf(message);
    const first = stored.get(name);
    if (first === undefined) stored.set(name, message);
    else report('repeated', `${name} has the numbers ${first.seq} and ${message.seq}`);
  }
  const sentNames = new Set<string>();
  const newest = new Map<string, SeenMessage>();
  for (const attempt of sent) {
    const name = nameOf(attempt);
    sentNames.add(name);
    const message = stored.get(name);
    const acks = [...new Set(attempt.acks)];
    if (acks.length > 1) report('repeated', `${name} was acknowledged as ${acks.join(' and ')}`);
    if (message === undefined) {
      if (acks.length > 0) report('lost', `${name}, acknowledged as ${acks.join()}, is not in the log`);
      continue;
    }
    if (acks.length === 0 && attempt.refused) report('refused-but-stored', `${name} has number ${message.seq}`);
    if (acks.length > 0 && !acks.includes(message.seq)) {
      report('misplaced', `${name}, acknowledged as ${acks.join()}, has number ${message.seq}`);
    }
    if (!hasText(message, originals.get(message.seq), attempt.text)) report('invented', `${name} has another text`);
    const before = newest.get(attempt.writer);
    if (before !== undefined && before.seq > message.seq) {
      report('inversion', `${nameOf(before)} was sent before ${name} but has number ${before.seq} > ${message.seq}`);
    }
    newest.set(attempt.writer, message);
  }
  for (const name of stored.keys()) if (!sentNames.has(name)) report('invented', `no user sent ${name}`);
}

/** Only the log has an edited message's original text. */
function hasText({ shown }: SeenMessage, original: string | undefined, text: string): boolean {
  if (original !== undefined) return original === text;
  const { text: now, editedAt, deletedAt } = JSON.parse(shown) as Readonly<Record<string, unknown>>;
  return now === text || editedAt !== undefined || deletedAt !== undefined;
}

function checkReceived(
  { observer, way, after, messages, held }: ReceivedMessages,
  log: readonly SeenMessage[],
  report: Report,
): void {
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
    else if (held === undefined && truth.shown !== shown)
      report('divergence', `${label} is ${shown}, but in the log ${truth.shown}`);
  }
  for (const seq of expected.keys())
    if (!seen.has(seq)) report('gap', `${observer} (${way}): number ${seq} never came`);
  if (held !== undefined) checkHeld(`${observer} (${way})`, held, log, report);
}

function checkHeld(label: string, held: readonly SeenMessage[], log: readonly SeenMessage[], report: Report): void {
  const heldMessages = new Map(held.map((message) => [message.seq, message.shown]));
  for (const { seq, shown } of log) {
    const heldMessage = heldMessages.get(seq);
    if (heldMessage === undefined) report('gap', `${label}: number ${seq} is missing in the end`);
    else if (heldMessage !== shown)
      report('divergence', `${label}: number ${seq} is ${heldMessage} in the end, but in the log ${shown}`);
    heldMessages.delete(seq);
  }
  for (const seq of heldMessages.keys()) report('divergence', `${label}: number ${seq} is not in the log`);
}
