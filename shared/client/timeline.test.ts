import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../contract/schemas/message.ts';
import type { PendingMessage } from './pending-message.ts';
import {
  addEntries,
  addPage,
  beginningOf,
  emptyTimeline,
  messagesOf,
  missingIn,
  positionOf,
  setPending,
  type Timeline,
} from './timeline.ts';

const alice = 'alice';

function message(seq: number, senderId = 'bob'): Message {
  return {
    conversationId: 'c',
    seq,
    senderId,
    type: 'text',
    text: `message ${seq}`,
    clientMessageId: `id-${seq}`,
    status: 'sent',
    createdAt: new Date(seq).toISOString(),
    updatedSeq: seq,
  };
}

function pending(clientMessageId: string, localId = clientMessageId): PendingMessage {
  return {
    localId,
    clientMessageId,
    conversationId: 'c',
    task: { kind: 'message', message: { type: 'text', text: 'on its way' } },
    writtenAt: 0,
    order: 0,
    state: 'sending',
    uncertain: false,
  };
}

const live = (timeline: Timeline, ...seqs: number[]) =>
  addEntries(
    timeline,
    seqs.map((seq) => ({ seq, message: message(seq) })),
  );
const page = (timeline: Timeline, after: number, ...seqs: number[]) =>
  addPage(
    timeline,
    seqs.map((seq) => message(seq)),
    { after, through: seqs.at(-1) ?? after },
  );
const seqsOf = (timeline: Timeline) => messagesOf(timeline).map(({ seq }) => seq);
const opened = page(emptyTimeline('c', alice), 2, 3, 4, 5);

describe('a timeline', () => {
  it('begins with a page and grows with live entries', () => {
    const timeline = live(opened, 6, 7);
    expect(seqsOf(timeline)).toEqual([3, 4, 5, 6, 7]);
    expect([beginningOf(timeline), positionOf(timeline), missingIn(timeline)]).toEqual([2, 7, undefined]);
  });

  it('begins before the first entry of a new conversation', () => {
    const timeline = live(page(emptyTimeline('c', alice), 0), 1);
    expect(seqsOf(timeline)).toEqual([1]);
    expect(beginningOf(timeline)).toBe(0);
  });

  it('shows nothing after a gap until a page closes it', () => {
    const withGap = live(opened, 8, 9);
    expect(missingIn(withGap)).toEqual({ after: 5, before: 8 });
    expect(seqsOf(withGap)).toEqual([3, 4, 5]);
    expect(positionOf(withGap)).toBe(5);
    const whole = page(withGap, 5, 6, 7, 8, 9, 10);
    expect(seqsOf(whole)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(missingIn(whole)).toBeUndefined();
  });

  it('has no gap where entries have expired', () => {
    const timeline = page(live(opened, 20), 5, 18, 19, 20);
    expect(missingIn(timeline)).toBeUndefined();
    expect(seqsOf(timeline)).toEqual([3, 4, 5, 18, 19, 20]);
  });

  it('has no gap where the client does not understand entries', () => {
    const timeline = live(addEntries(opened, [{ seq: 6 }]), 7);
    expect(missingIn(timeline)).toBeUndefined();
    expect(seqsOf(timeline)).toEqual([3, 4, 5, 7]);
  });

  it('stays the same value when nothing is new', () => {
    expect(live(opened, 4, 5)).toBe(opened);
    expect(page(opened, 2, 3, 4)).toBe(opened);
    expect(setPending(opened, [])).toBe(opened);
  });

  it('keeps the user’s message pending until the log has it, unaffected by the same id of another user', () => {
    const sending = setPending(opened, [pending('id-6'), pending('id-7')]);
    const foreign = addEntries(sending, [{ seq: 6, message: message(6, 'bob') }]);
    expect(foreign.pending).toHaveLength(2);
    const stored = addEntries(foreign, [{ seq: 7, message: message(7, alice) }]);
    expect(stored.pending.map(({ localId }) => localId)).toEqual(['id-6']);
    expect(setPending(stored, [pending('id-6'), pending('id-7')]).pending).toHaveLength(1);
  });
});

describe('a timeline whose entries are lost, repeated or overtaken', () => {
  const plan = fc.record({
    length: fc.integer({ min: 0, max: 40 }),
    openedFrom: fc.nat(),
    openedAt: fc.nat(),
    deliveries: fc.array(fc.nat(), { maxLength: 120 }),
    pageSize: fc.integer({ min: 1, max: 7 }),
    own: fc.array(fc.nat(), { maxLength: 10 }),
  });

  it('equals the log after all gaps are fetched', () => {
    fc.assert(
      fc.property(plan, ({ length, openedFrom, openedAt, deliveries, pageSize, own }) => {
        const isOwn = (seq: number) => own.some((each) => each % (length + 1) === seq);
        const log = Array.from({ length }, (_, index) => message(index + 1, isOwn(index + 1) ? alice : 'bob'));
        const end = length === 0 ? 0 : openedAt % (length + 1);
        const start = end === 0 ? 0 : openedFrom % end;
        const entry = (logged: Message) => ({ seq: logged.seq, message: logged });

        let timeline = emptyTimeline('c', alice);
        const openAfter = deliveries.length === 0 ? 0 : openedFrom % deliveries.length;
        const mine = log.filter(({ senderId }) => senderId === alice);
        const delivered = new Set<string>();
        timeline = setPending(
          timeline,
          mine.map(({ clientMessageId }) => pending(clientMessageId)),
        );
        for (const [index, delivery] of [...deliveries, 0].entries()) {
          if (index === openAfter) {
            timeline = addPage(timeline, log.slice(start, end), { after: start, through: end });
          }
          const deliveredMessage = length === 0 ? undefined : log[delivery % length];
          if (deliveredMessage === undefined) continue;
          timeline = addEntries(timeline, [entry(deliveredMessage)]);
          delivered.add(deliveredMessage.clientMessageId);
        }
        for (;;) {
          const after = missingIn(timeline)?.after ?? positionOf(timeline) ?? 0;
          if (after >= length) break;
          const fetched = log.slice(after, after + pageSize);
          timeline = addPage(timeline, fetched, { after, through: after + fetched.length });
        }

        const expected = log.slice(start);
        expect(messagesOf(timeline)).toEqual(expected);
        expect(timeline.ranges).toEqual([{ after: start, through: length }]);
        expect(timeline.pending.map(({ clientMessageId }) => clientMessageId)).toEqual(
          mine
            .filter(({ seq, clientMessageId }) => seq <= start && !delivered.has(clientMessageId))
            .map(({ clientMessageId }) => clientMessageId),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of entries', () => {
    const batch = fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 12 }), fc.nat(), (batches, seed) => {
        const turned = batches.toSorted((a, b) => ((a.length * 31 + seed) % 7) - ((b.length * 31 + seed) % 7));
        const all = (order: readonly (readonly number[])[]) =>
          order.reduce((timeline, seqs) => live(timeline, ...seqs), emptyTimeline('c', alice));
        const [inOrder, shuffled] = [all(batches), all(turned.map((seqs) => seqs.toReversed()))];
        expect(shuffled.messages).toEqual(inOrder.messages);
        expect(shuffled.ranges).toEqual(inOrder.ranges);
        const seqs = inOrder.messages.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(batches.flat())].sort((a, b) => a - b));
      }),
    );
  });
});
