import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attempting,
  batchMs,
  busyMs,
  claimed,
  failed,
  isBusy,
  markerOf,
  mostSyncs,
  newLink,
  noticed,
  released,
  resumed,
  statusToSend,
  succeeded,
  watchdogMs,
  withRemoteStatus,
  withTicket,
} from './link-rules.ts';
import type { TicketLink } from './ticket-link.ts';

const conversationId = '01KAJ72N4DF7H0J3M6P9R2T5VW';
const pending = newLink({ conversationId, integrationId: 'i', wantedSeq: 3 }, 1000);
const remote = { id: '10001', key: 'SUP-1', url: undefined, status: 'Open' };
const { wakeAt: _, behindSince: _since, ...level } = withTicket(pending, remote, 2000);
const linked: TicketLink = { ...level, syncedSeq: 3 };
const unknown = { kind: 'unknown', reason: 'no-answer', scope: 'ticket' } as const;
const rejected = { kind: 'rejected', reason: 'not-found' } as const;

describe('noticed', () => {
  it('sets a timer for the first entry that the ticket lacks, and only moves forward for others', () => {
    const first = noticed(linked, 4, 5000);
    expect(first).toMatchObject({ wantedSeq: 4, behindSince: 5000, wakeAt: 5000 + batchMs });
    expect(first && noticed(first, 5, 6000)).toMatchObject({ wantedSeq: 5, behindSince: 5000, wakeAt: 5000 + batchMs });
  });

  it.each([1, 3])('ignores an event about entry %i, which the ticket has', (seq) => {
    expect(noticed(linked, seq, 5000)).toBeUndefined();
  });

  it('ends at the newest entry, whatever the order and the number of events', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (seqs) => {
        const end = seqs.reduce((link, seq) => noticed(link, seq, 5000) ?? link, linked);
        expect(end.wantedSeq).toBe(Math.max(3, ...seqs));
      }),
    );
  });

  it('replaces a timer that was lost', () => {
    const late = { ...linked, wakeAt: 1000 };
    expect(noticed(late, 4, 1000 + 29 * 60_000)?.wakeAt).toBe(1000);
    expect(noticed(late, 4, 1000 + 30 * 60_000)?.wakeAt).toBe(1000 + 30 * 60_000 + batchMs);
  });

  it('does not wake a failed ticket, and remembers what it lacks', () => {
    const next = noticed({ ...linked, state: 'failed' }, 9, 5000);
    expect(next?.wantedSeq).toBe(9);
    expect(next?.wakeAt).toBeUndefined();
  });
});

describe('a turn', () => {
  it('holds the ticket until it is released, and its timer outlives it', () => {
    const held = claimed(linked, 10_000);
    expect([isBusy(held, 10_000 + busyMs - 1), isBusy(held, 10_000 + busyMs)]).toEqual([true, false]);
    expect(held.wakeAt).toBe(10_000 + busyMs);
    expect(released(held, 20_000)).toEqual(linked);
  });

  it('continues later if entries arrived meanwhile', () => {
    const behind = { ...claimed(linked, 10_000), wantedSeq: 4, behindSince: 11_000 };
    expect(released(behind, 20_000)).toMatchObject({ wakeAt: 20_000 + batchMs, behindSince: 11_000 });
  });

  it('is not shortened by an admin who resumes the ticket', () => {
    const held = claimed(linked, 10_000);
    expect(resumed(held, 11_000)).toMatchObject({ busyUntil: 10_000 + busyMs, wakeAt: 11_000 + watchdogMs });
  });
});

describe('failed', () => {
  const attempted = attempting(claimed(linked, 10_000), { step: 'comment', at: 10_000, fromSeq: 4, toSeq: 5 });
  const after = (failure: Parameters<typeof failed>[1]['failure'], isSearch = false) =>
    failed(attempted, { failure, isSearch, detail: undefined }, 20_000);

  it('keeps the attempt if the request may have been carried out', () => {
    expect(after(unknown)).toMatchObject({ state: 'linked', attempt: { toSeq: 5 }, failures: 1 });
  });

  it('keeps the attempt if the search for its result fails', () => {
    const later = { kind: 'later', reason: 'unavailable', scope: 'system' } as const;
    expect(after(later, true).attempt).toBeDefined();
    expect(after(rejected, true).attempt).toBeDefined();
    expect(after(later).attempt).toBeUndefined();
  });

  it('waits as long as the other system asks', () => {
    const later = { kind: 'later', reason: 'rate-limited', scope: 'ticket', afterMs: 3_600_000 } as const;
    expect(after(later).wakeAt).toBe(20_000 + 3_600_000);
  });

  it('gives the ticket up after a rejection, and after many failures of its own', () => {
    expect(after(rejected)).toMatchObject({ state: 'failed', reason: 'not-found' });
    expect(after(rejected).wakeAt).toBeUndefined();
    let link: TicketLink = linked;
    let attempts = 0;
    for (; link.state === 'linked' && attempts < 100; attempts += 1) {
      link = failed(link, { failure: unknown, isSearch: false, detail: undefined }, 0);
    }
    expect([link.state, attempts]).toEqual(['failed', 25]);
  });

  it('never gives a ticket up because the whole system fails', () => {
    const down = { kind: 'later', reason: 'unreachable', scope: 'system' } as const;
    let link: TicketLink = linked;
    for (let count = 0; count < 1000; count += 1) {
      link = failed(link, { failure: down, isSearch: false, detail: undefined }, 0);
    }
    expect(link.state).toBe('linked');
  });
});

describe('the fuse', () => {
  const after = (count: number, everyMs: number) => {
    let link: TicketLink = linked;
    for (let index = 0; index < count; index += 1) link = succeeded(link, 10_000 + index * everyMs);
    return link;
  };

  it('pauses a ticket after more than 20 updates in five minutes', () => {
    expect(after(mostSyncs - 1, 1000).state).toBe('linked');
    expect(after(mostSyncs + 1, 1000)).toMatchObject({ state: 'paused', reason: 'too-many-updates' });
  });

  it('does not pause the ticket of a long chat', () => {
    expect(after(1000, batchMs).state).toBe('linked');
  });

  it('begins again when an admin resumes the ticket', () => {
    expect(resumed(after(mostSyncs + 1, 1000), 99_000)).toMatchObject({ state: 'linked', fuse: { count: 0 } });
  });
});

describe('a status', () => {
  const map = { resolved: '6|Solved|Done', active: 'Open' };

  it('goes to the ticket if it is another one than the ticket has', () => {
    expect(statusToSend(linked, 'resolved', map)).toBe('6|Solved|Done');
    expect(statusToSend({ ...linked, remoteStatus: '6' }, 'resolved', map)).toBeUndefined();
    expect(statusToSend(linked, 'active', map)).toBeUndefined();
    expect(statusToSend(linked, 'closed', map)).toBeUndefined();
  });

  it('does not return to the ticket that it came from', () => {
    expect(statusToSend({ ...linked, remoteStatus: '7', sentStatus: 'resolved' }, 'resolved', map)).toBeUndefined();
  });

  it('changes nothing if the ticket had it, or it is older than the known one', () => {
    expect(withRemoteStatus(linked, 'Open', 5000).kind).toBe('none');
    const changed = withRemoteStatus(linked, 'Resolved', 5000);
    if (changed.kind !== 'changed') throw new Error('A new status was ignored');
    expect(withRemoteStatus(changed.link, 'Open', 4999).kind).toBe('none');
    expect(withRemoteStatus(changed.link, 'Open', 5001)).toMatchObject({ link: { remoteStatus: 'Open' } });
  });
});

it('gives no marker that is the beginning of another', () => {
  expect(markerOf(linked, 42).startsWith(markerOf(linked, 4))).toBe(false);
});
