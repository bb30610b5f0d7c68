import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../contract/schemas/calendar.ts';
import type { SlaClocks } from '../../log/support-state.ts';
import { clocksAfter, differFrom, dueTransitions, nextWake, type SlaEvent, slaView, withTerms } from './clock-rules.ts';
import type { SlaTerms } from './terms-rules.ts';

const minute = 60_000;
const office: Calendar = {
  timeZone: 'UTC',
  week: { mon: [{ from: '09:00', to: '17:00' }], tue: [{ from: '09:00', to: '17:00' }] },
  holidays: [],
};
const rarely: Calendar = { timeZone: 'UTC', week: { mon: [{ from: '09:00', to: '09:01' }] }, holidays: [] };
const never: Calendar = { timeZone: 'UTC', week: {}, holidays: [] };
const terms: SlaTerms = {
  calendar: 'always',
  targetMinutes: { 'first-response': 10, 'next-response': 20, resolution: 100 },
  pausesForCustomer: true,
};
const iso = (minutes: number) => new Date(minutes * minute).toISOString();

/** Events by minute. */
function clocksOf(events: readonly (readonly [number, SlaEvent])[], by = terms): SlaClocks {
  return events.reduce<SlaClocks>((clocks, [at, event]) => clocksAfter(clocks, event, by, at * minute), {});
}

describe('the clock of the first response', () => {
  it('starts at the opening, is warned about at 80 % and breaches at 100 % of its target', () => {
    expect(clocksOf([[5, 'opened']])['first-response']).toEqual({
      startedAt: 5 * minute,
      targetMinutes: 10,
      usedMs: 0,
      since: 5 * minute,
      warnAt: 13 * minute,
      dueAt: 15 * minute,
    });
  });

  it('counts business hours only', () => {
    const opened = Date.parse('2026-11-23T16:55:00Z');
    const clocks = clocksAfter({}, 'opened', { ...terms, calendar: office }, opened);
    expect(clocks['first-response']).toMatchObject({
      warnAt: Date.parse('2026-11-24T09:03:00Z'),
      dueAt: Date.parse('2026-11-24T09:05:00Z'),
    });
  });

  it('stops for good at the first reply', () => {
    const clocks = clocksOf([
      [0, 'opened'],
      [4, 'agent-reply'],
      [6, 'agent-reply'],
    ]);
    expect(clocks['first-response']).toEqual({
      startedAt: 0,
      targetMinutes: 10,
      usedMs: 4 * minute,
      metAt: 4 * minute,
    });
  });

  it.each(['automatic-message', 'note', 'customer-message'] as const)('goes on after a %s', (event) => {
    const opened = clocksOf([[0, 'opened']]);
    expect(clocksAfter(opened, event, terms, 4 * minute)).toEqual(opened);
  });

  it('records a breach that is stopped before it is noticed', () => {
    const late = [
      [0, 'opened'],
      [10, 'agent-reply'],
    ] as const;
    expect(clocksOf(late)['first-response']).toMatchObject({ metAt: 10 * minute, breached: true });
    expect(clocksOf([late[0], [9.99, 'agent-reply']])['first-response']).not.toHaveProperty('breached');
  });
});

describe('a clock that stops', () => {
  it('has used no time and is not met before it started, when the clock of the service jumps back', () => {
    const stopped = { startedAt: 10 * minute, targetMinutes: 10, usedMs: 0, metAt: 10 * minute };
    const clocks = clocksOf([
      [10, 'opened'],
      [4, 'agent-reply'],
    ]);
    expect(clocks['first-response']).toEqual(stopped);
  });
});

describe('the clock of the next response', () => {
  it('starts at the first unanswered message after the first response', () => {
    const clocks = clocksOf([
      [0, 'opened'],
      [1, 'customer-message'],
      [4, 'agent-reply'],
      [30, 'customer-message'],
      [35, 'customer-message'],
    ]);
    expect(clocks['next-response']).toMatchObject({ startedAt: 30 * minute, since: 30 * minute, dueAt: 50 * minute });
  });

  it('is absent until the first response', () => {
    expect(
      clocksOf([
        [0, 'opened'],
        [1, 'customer-message'],
      ]),
    ).not.toHaveProperty('next-response');
  });

  it('stops at the reply and starts again with the next message', () => {
    const events = [
      [0, 'opened'],
      [4, 'agent-reply'],
      [30, 'customer-message'],
      [40, 'agent-reply'],
    ] as const;
    expect(clocksOf(events)['next-response']).toEqual({
      startedAt: 30 * minute,
      targetMinutes: 20,
      usedMs: 10 * minute,
      metAt: 40 * minute,
    });
    expect(clocksOf([...events, [60, 'customer-message']])['next-response']).toMatchObject({
      startedAt: 60 * minute,
      usedMs: 0,
      dueAt: 80 * minute,
    });
  });

  it.each(['automatic-message', 'note'] as const)('goes on after a %s', (event) => {
    const waiting = clocksOf([
      [0, 'opened'],
      [4, 'agent-reply'],
      [30, 'customer-message'],
    ]);
    expect(clocksAfter(waiting, event, terms, 40 * minute)).toEqual(waiting);
  });
});

describe('the clock of the resolution', () => {
  it('pauses from a reply until the next message of the customer', () => {
    const paused = clocksOf([
      [0, 'opened'],
      [30, 'agent-reply'],
    ]);
    expect(paused.resolution).toEqual({ startedAt: 0, targetMinutes: 100, usedMs: 30 * minute });
    expect(clocksAfter(paused, 'customer-message', terms, 500 * minute).resolution).toMatchObject({
      usedMs: 30 * minute,
      since: 500 * minute,
      warnAt: 550 * minute,
      dueAt: 570 * minute,
    });
  });

  it('does not pause if the tenant does not want it', () => {
    const clocks = clocksOf(
      [
        [0, 'opened'],
        [30, 'agent-reply'],
        [60, 'customer-message'],
      ],
      { ...terms, pausesForCustomer: false },
    );
    expect(clocks.resolution).toMatchObject({ usedMs: 0, since: 0, dueAt: 100 * minute });
  });

  it.each(['resolved', 'closed'] as const)('is met when the conversation is %s, and resumes when it reopens', (end) => {
    const ended = clocksOf([
      [0, 'opened'],
      [40, end],
      [50, 'closed'],
    ]);
    expect(ended.resolution).toEqual({ startedAt: 0, targetMinutes: 100, usedMs: 40 * minute, metAt: 40 * minute });
    expect(clocksAfter(ended, 'reopened', terms, 1000 * minute).resolution).toEqual({
      startedAt: 0,
      targetMinutes: 100,
      usedMs: 40 * minute,
      since: 1000 * minute,
      warnAt: 1040 * minute,
      dueAt: 1060 * minute,
    });
  });

  it('resumes with the targets that are in force when it reopens', () => {
    const ended = clocksOf([
      [0, 'opened'],
      [40, 'resolved'],
    ]);
    const stricter = { ...terms, targetMinutes: { ...terms.targetMinutes, resolution: 50 } };
    expect(clocksAfter(ended, 'reopened', stricter, 100 * minute).resolution).toMatchObject({ dueAt: 110 * minute });
  });
});

describe('a resolved conversation', () => {
  const ended = clocksOf([
    [0, 'opened'],
    [5, 'resolved'],
  ]);

  it('has no clock that runs, also after a message of the customer', () => {
    for (const clocks of [ended, clocksAfter(ended, 'customer-message', terms, 6 * minute)]) {
      expect(nextWake(clocks)).toBeUndefined();
      expect(dueTransitions(clocks, 9999 * minute)).toEqual({ clocks, warnings: [], breaches: [] });
    }
  });

  it('still owes the first response when it reopens', () => {
    const reopened = clocksAfter(ended, 'reopened', terms, 100 * minute);
    expect(reopened['first-response']).toMatchObject({ usedMs: 5 * minute, dueAt: 105 * minute });
  });

  it('reopens only once', () => {
    const reopened = clocksAfter(ended, 'reopened', terms, 100 * minute);
    expect(clocksAfter(reopened, 'reopened', terms, 200 * minute)).toEqual(reopened);
    const waiting = clocksOf([
      [0, 'opened'],
      [5, 'agent-reply'],
    ]);
    expect(clocksAfter(waiting, 'reopened', terms, 10 * minute)).toEqual(waiting);
  });
});

describe('withTerms', () => {
  const opened = clocksOf([[0, 'opened']]);
  const urgent: SlaTerms = {
    ...terms,
    targetMinutes: { 'first-response': 2, 'next-response': 2, resolution: 50 },
  };

  it('carries the used time over to the targets of another priority', () => {
    const changed = withTerms(opened, 'always', urgent, 4 * minute);
    expect(changed.resolution).toEqual({
      startedAt: 0,
      targetMinutes: 50,
      usedMs: 4 * minute,
      since: 4 * minute,
      warnAt: 40 * minute,
      dueAt: 50 * minute,
    });
    expect(dueTransitions(changed, 4 * minute).breaches).toEqual(['first-response']);
  });

  it('counts the time until now by the calendar before', () => {
    const changed = withTerms(opened, never, { ...urgent, calendar: 'always' }, 4 * minute);
    expect(changed.resolution).toMatchObject({ usedMs: 0, since: 4 * minute, dueAt: 54 * minute });
    expect(withTerms(opened, 'always', { ...urgent, calendar: never }, 4 * minute).resolution).toEqual({
      startedAt: 0,
      targetMinutes: 50,
      usedMs: 4 * minute,
      since: 4 * minute,
    });
  });

  it('counts no time twice when the clock of the service jumps back', () => {
    const changed = withTerms(opened, 'always', urgent, -4 * minute);
    expect(changed.resolution).toMatchObject({ usedMs: 0, since: 0, dueAt: 50 * minute });
  });

  it('changes the target of a paused clock, and nothing of one that was met', () => {
    const waiting = clocksOf([
      [0, 'opened'],
      [4, 'agent-reply'],
    ]);
    expect(withTerms(waiting, 'always', urgent, 9 * minute)).toEqual({
      'first-response': waiting['first-response'],
      resolution: { startedAt: 0, targetMinutes: 50, usedMs: 4 * minute },
    });
  });

  it('neither warns nor breaches twice, and does not take a breach back', () => {
    const breached = dueTransitions(opened, 10 * minute).clocks;
    const relaxed = withTerms(breached, 'always', { ...terms, targetMinutes: urgent.targetMinutes }, 11 * minute);
    expect(dueTransitions(relaxed, 20 * minute)).toMatchObject({ breaches: [], warnings: [] });
    const warned = dueTransitions(opened, 8 * minute).clocks;
    const longer = withTerms(
      warned,
      'always',
      { ...terms, targetMinutes: { ...terms.targetMinutes, 'first-response': 1000 } },
      9 * minute,
    );
    expect(dueTransitions(longer, 900 * minute).warnings).not.toContain('first-response');
    expect(dueTransitions(longer, 1000 * minute).breaches).toContain('first-response');
    expect(slaView({ 'first-response': longer['first-response']! }, 10 * minute)?.state).toBe('active');
    expect(slaView(relaxed, 11 * minute)).toMatchObject({ metric: 'first-response', state: 'breached' });
  });
});

describe('dueTransitions', () => {
  const opened = clocksOf([[0, 'opened']]);

  it.each([
    [7.99, [], []],
    [8, ['first-response'], []],
    [9.99, ['first-response'], []],
    [10, [], ['first-response']],
    [80, ['resolution'], ['first-response']],
    [100, [], ['first-response', 'resolution']],
  ])('finds, after %d minutes, warnings of %j and breaches of %j', (at, warnings, breaches) => {
    const due = dueTransitions(opened, at * minute);
    expect(due).toMatchObject({ warnings, breaches });
    expect(dueTransitions(due.clocks, at * minute)).toEqual({ clocks: due.clocks, warnings: [], breaches: [] });
  });

  it('finds a breach after its warning', () => {
    const warned = dueTransitions(opened, 8 * minute).clocks;
    expect(warned['first-response']).toEqual({ ...opened['first-response'], warned: true });
    expect(dueTransitions(warned, 10 * minute).clocks['first-response']).toEqual({
      ...opened['first-response'],
      warned: true,
      breached: true,
    });
  });

  it('finds no warning of a clock that was met too late and resumed', () => {
    const late = clocksAfter(opened, 'resolved', terms, 100 * minute);
    const reopened = clocksAfter(late, 'reopened', terms, 200 * minute);
    expect(reopened.resolution).toMatchObject({ breached: true, since: 200 * minute });
    expect(dueTransitions(reopened, 300 * minute)).toMatchObject({ warnings: [], breaches: ['first-response'] });
  });
});

describe('nextWake', () => {
  it('is the next warning or breach that is not recorded', () => {
    let clocks = clocksOf([[0, 'opened']]);
    const wakes: number[] = [];
    for (let wake = nextWake(clocks); wake !== undefined; wake = nextWake(clocks)) {
      wakes.push(wake / minute);
      clocks = dueTransitions(clocks, wake).clocks;
    }
    expect(wakes).toEqual([8, 10, 80, 100]);
  });

  it('is never in a calendar without business hours', () => {
    expect(nextWake(clocksOf([[0, 'opened']], { ...terms, calendar: never }))).toBeUndefined();
  });
});

describe('slaView', () => {
  const opened = clocksOf([[0, 'opened']]);
  const waiting = clocksAfter(opened, 'agent-reply', terms, 4 * minute);

  it.each([
    ['the clock that is due next', opened, 0, { metric: 'first-response', dueAt: iso(10), state: 'active' }],
    ['a clock at risk from 80 % on', opened, 8, { metric: 'first-response', dueAt: iso(10), state: 'at-risk' }],
    ['a breach from 100 % on', opened, 10, { metric: 'first-response', dueAt: iso(10), state: 'breached' }],
    ['the paused resolution', waiting, 50, { metric: 'resolution', state: 'paused' }],
    [
      'the next response before the resolution',
      clocksAfter(waiting, 'customer-message', terms, 50 * minute),
      50,
      { metric: 'next-response', dueAt: iso(70), state: 'active' },
    ],
    [
      'the resolution before a later reply',
      clocksAfter(
        waiting,
        'customer-message',
        { ...terms, targetMinutes: { ...terms.targetMinutes, resolution: 9 } },
        0,
      ),
      0,
      { metric: 'resolution', dueAt: iso(5), state: 'active' },
    ],
    [
      'the resolution that was met',
      clocksAfter(opened, 'resolved', terms, minute),
      500,
      { metric: 'resolution', state: 'met' },
    ],
    [
      'the resolution that came too late',
      clocksAfter(opened, 'closed', terms, 100 * minute),
      500,
      { metric: 'resolution', state: 'breached' },
    ],
    [
      'a breach before a clock that is due earlier',
      withTerms(
        dueTransitions(opened, 10 * minute).clocks,
        'always',
        { ...terms, targetMinutes: { ...terms.targetMinutes, 'first-response': 1000 } },
        10 * minute,
      ),
      10,
      { metric: 'first-response', dueAt: iso(1000), state: 'breached' },
    ],
    [
      'a clock that is due before one that never is',
      clocksOf([[0, 'opened']], {
        ...terms,
        calendar: rarely,
        targetMinutes: { ...terms.targetMinutes, resolution: 9999 },
      }),
      0,
      { metric: 'first-response', dueAt: '1970-03-09T09:01:00.000Z', state: 'active' },
    ],
    [
      'a clock that is never due',
      clocksOf([[0, 'opened']], { ...terms, calendar: never }),
      500,
      { metric: 'first-response', state: 'active' },
    ],
  ])('shows %s', (_, clocks, at, view) => {
    expect(slaView(clocks, at * minute)).toEqual(view);
  });

  it('is absent without clocks', () => {
    expect(slaView({}, 0)).toBeUndefined();
  });
});

describe('differFrom', () => {
  const clocks = clocksOf([[0, 'opened']]);

  it('is false as long as neither the targets nor the calendar change', () => {
    expect(differFrom(clocks, terms, 5 * minute)).toBe(false);
    expect(differFrom(clocks, terms, 50 * minute)).toBe(false);
    const inOffice = { ...terms, calendar: office };
    const opened = Date.parse('2026-11-23T16:55:00Z');
    expect(differFrom(clocksAfter({}, 'opened', inOffice, opened), inOffice, opened + 600 * minute)).toBe(false);
  });

  it('is true for another target of a clock that has not stopped', () => {
    const changed = { ...terms, targetMinutes: { ...terms.targetMinutes, 'first-response': 11 } };
    expect(differFrom(clocks, changed, 5 * minute)).toBe(true);
    const answered = clocksOf([
      [0, 'opened'],
      [1, 'agent-reply'],
    ]);
    expect(differFrom(answered, changed, 5 * minute)).toBe(false);
  });

  it('is true for a calendar by which a clock is due at another time', () => {
    expect(differFrom(clocks, { ...terms, calendar: never }, 5 * minute)).toBe(true);
  });
});
