import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../contract/schemas/calendar.ts';
import { type SlaMetric, slaMetrics } from '../../../contract/schemas/support.ts';
import type { SlaClocks } from '../../log/support-state.ts';
import { businessMsBetween } from './calendar-rules.ts';
import { clocksAfter, dueTransitions, nextWake, type SlaEvent, withTerms } from './clock-rules.ts';
import type { SlaTerms } from './terms-rules.ts';

const minute = 60_000;
const office: Calendar = {
  timeZone: 'UTC',
  week: { mon: [{ from: '09:00', to: '17:00' }], tue: [{ from: '09:00', to: '17:00' }] },
  holidays: [],
};
const never: Calendar = { timeZone: 'UTC', week: {}, holidays: [] };
const calendars = fc.constantFrom<Calendar>('always', office, never);
const anyTerms = fc.record({
  calendar: calendars,
  targetMinutes: fc.record({
    'first-response': fc.integer({ min: 1, max: 500 }),
    'next-response': fc.integer({ min: 1, max: 500 }),
    resolution: fc.integer({ min: 1, max: 2000 }),
  }),
  pausesForCustomer: fc.boolean(),
});
const events = fc.constantFrom<SlaEvent>(
  'customer-message',
  'agent-reply',
  'automatic-message',
  'note',
  'resolved',
  'closed',
  'reopened',
);
const begin = Date.parse('2026-11-23T08:00:00Z');

interface Step {
  readonly change: SlaEvent | SlaTerms;
  readonly wait: number;
}
const steps = (least: number) =>
  fc.array(
    fc.record({
      change: fc.oneof({ weight: 5, arbitrary: events }, anyTerms),
      wait: fc.integer({ min: least, max: 400 * minute }),
    }),
    { maxLength: 20 },
  );

interface History {
  readonly clocks: SlaClocks;
  readonly terms: SlaTerms;
  readonly now: number;
  readonly announced: readonly string[];
}

/** Applies the steps as the desk does: first what is due, then the change. */
function play(first: SlaTerms, all: readonly Step[], check: (history: History, previous: History) => void): History {
  let history: History = { clocks: clocksAfter({}, 'opened', first, begin), terms: first, now: begin, announced: [] };
  for (const { change, wait } of all) {
    const now = history.now + wait;
    const due = dueTransitions(history.clocks, now);
    const isEvent = typeof change === 'string';
    const next: History = {
      clocks: isEvent
        ? clocksAfter(due.clocks, change, history.terms, now)
        : withTerms(due.clocks, history.terms.calendar, change, now),
      terms: isEvent ? history.terms : change,
      now,
      announced: [
        ...history.announced,
        ...due.warnings.map((metric) => `warning of ${keyOf(due.clocks, metric)}`),
        ...due.breaches.map((metric) => `breach of ${keyOf(due.clocks, metric)}`),
      ],
    };
    check(next, history);
    history = next;
  }
  return history;
}

/** A clock that starts again is another clock. */
function keyOf(clocks: SlaClocks, metric: SlaMetric): string {
  return `${metric} since ${clocks[metric]?.startedAt}`;
}

/** Business time of a running or stopped clock until now. */
function used({ clocks, terms: { calendar }, now }: History, metric: SlaMetric): number {
  const clock = clocks[metric];
  if (clock === undefined) return 0;
  return clock.usedMs + (clock.since === undefined ? 0 : businessMsBetween(calendar, clock.since, now));
}

describe('each clock of any history', () => {
  it('uses exactly the business time in which it runs', () => {
    fc.assert(
      fc.property(anyTerms, steps(0), (first, all) => {
        play(first, all, (next, previous) => {
          for (const metric of slaMetrics) {
            const before = previous.clocks[metric];
            const after = next.clocks[metric];
            if (before === undefined || after === undefined || before.startedAt !== after.startedAt) continue;
            const passed = businessMsBetween(previous.terms.calendar, previous.now, next.now);
            expect(used(next, metric) - used(previous, metric)).toBe(before.since === undefined ? 0 : passed);
          }
        });
      }),
    );
  });

  it('is due when the rest of its target is used up', () => {
    fc.assert(
      fc.property(anyTerms, steps(0), (first, all) => {
        const { clocks, terms: last } = play(first, all, () => undefined);
        for (const metric of slaMetrics) {
          const { since, dueAt, warnAt, usedMs = 0, targetMinutes = 0 } = clocks[metric] ?? {};
          if (since === undefined || last.calendar === never) {
            expect({ dueAt, warnAt }).toEqual({
              dueAt: usedMs >= targetMinutes * minute ? since : undefined,
              warnAt: usedMs >= targetMinutes * 48_000 ? since : undefined,
            });
            continue;
          }
          expect(targetMinutes).toBe(last.targetMinutes[metric]);
          expect(usedMs + businessMsBetween(last.calendar, since, dueAt!)).toBe(
            Math.max(usedMs, targetMinutes * minute),
          );
          expect(usedMs + businessMsBetween(last.calendar, since, warnAt!)).toBe(
            Math.max(usedMs, targetMinutes * 48_000),
          );
        }
      }),
    );
  });

  it('warns and breaches at most once, also when the time jumps back', () => {
    fc.assert(
      fc.property(anyTerms, steps(-400 * minute), (first, all) => {
        const { announced } = play(first, all, ({ clocks }) => {
          for (const metric of slaMetrics) expect(clocks[metric]?.usedMs ?? 0).toBeGreaterThanOrEqual(0);
          if (clocks.resolution?.metAt !== undefined) {
            expect(nextWake(clocks)).toBeUndefined();
            expect(dueTransitions(clocks, begin * 2)).toEqual({ clocks, warnings: [], breaches: [] });
          }
        });
        // Two clocks of next responses may start at the same instant.
        const resolutions = announced.filter((notice) => !notice.includes('next-response'));
        expect(new Set(resolutions).size).toBe(resolutions.length);
      }),
    );
  });

  it('needs no other wake-up than the next', () => {
    fc.assert(
      fc.property(anyTerms, steps(0), (first, all) => {
        const { clocks, now } = play(first, all, () => undefined);
        const wake = nextWake(clocks);
        if (wake !== undefined) {
          expect(dueTransitions(clocks, wake).clocks).not.toEqual(clocks);
          expect(nextWake(dueTransitions(clocks, wake).clocks) ?? Infinity).toBeGreaterThanOrEqual(wake);
        }
        expect(dueTransitions(clocks, (wake ?? now * 2) - 1).clocks).toEqual(clocks);
      }),
    );
  });
});
