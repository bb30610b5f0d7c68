import { now } from '../../core/runtime/clock.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import { readForward } from '../log/log-store.ts';
import { timelineOf } from './conversation-texts.ts';
import { attempting, markerOf, succeeded } from './link-rules.ts';
import { rememberComment } from './link-store.ts';
import { showTicket } from './show-ticket.ts';
import type { Written } from './systems/ticket-system.ts';
import { commentText, nextSegment, type Segment } from './timeline-rules.ts';
import type { Turn } from './turn.ts';

/** Comments of one turn. The next one continues. */
const mostComments = 5;
const mostEntries = 200;

/**
 * Sends the entries after the ticket's position, in their order.
 * @returns false if the turn has ended.
 */
export async function sendComments(turn: Turn, owner: LogOwner, item: SupportConversation): Promise<boolean> {
  for (let comments = 0; comments < mostComments;) {
    const { link, integration } = turn;
    if (link.state !== 'linked') return true;
    const read = await readForward(owner, link.syncedSeq, mostEntries);
    // A repeated attempt sends the same entries.
    const last = link.attempt?.step === 'comment' ? link.attempt.toSeq : Infinity;
    const entries = read.filter(({ seq }) => seq <= last);
    const segment = nextSegment(await timelineOf(owner, item, entries), link.syncedSeq, integration.rules);
    if (segment === undefined) return true;
    if (segment.text === '') {
      await turn.save(({ attempt: _, ...current }) => ({ ...current, syncedSeq: segment.toSeq }));
    } else {
      comments += 1;
      if (!(await sendSegment(turn, segment))) return false;
    }
  }
  return true;
}

/** @returns false if the turn has ended. */
async function sendSegment(turn: Turn, segment: Segment): Promise<boolean> {
  const { system, link } = turn;
  const { externalId, externalKey } = link;
  if (externalId === undefined || externalKey === undefined) return true;
  const ticket = { id: externalId, key: externalKey };
  const { fromSeq, toSeq, isInternal, text } = segment;
  const marker = markerOf(link, toSeq);
  if (link.attempt?.step === 'comment') {
    const found = await system.findComment(ticket, marker);
    if (found.kind !== 'done') return ended(turn, turn.fail(found, { isSearch: true }));
    if (found.value !== undefined) return sent(turn, segment, found.value);
  }
  await turn.save((current) => attempting(current, { step: 'comment', at: now(), fromSeq, toSeq }));
  const written = await system.comment(ticket, { text: commentText(text, marker), isInternal, marker });
  if (written.kind !== 'done') return ended(turn, turn.fail(written));
  return sent(turn, segment, written.value);
}

async function sent(turn: Turn, { toSeq }: Segment, { id: commentId, account }: Written): Promise<true> {
  const { scope, link } = turn;
  if (commentId !== undefined) {
    await rememberComment(scope, link.integrationId, commentId, { origin: 'switchboard', at: now() });
  }
  await turn.save((current) => ({
    ...succeeded(current, now()),
    syncedSeq: toSeq,
    ...(account === undefined ? {} : { account }),
  }));
  await turn.noteSuccess();
  return true;
}

async function ended(turn: Turn, ending: Promise<void>): Promise<false> {
  await ending;
  await showTicket(turn);
  return false;
}
