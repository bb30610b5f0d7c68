import type { Calendar } from '../../../contract/schemas/calendar.ts';
import { type SlaMetric, slaMetrics, type SlaView } from '../../../contract/schemas/support.ts';
import type { SlaClock, SlaClocks } from '../../log/support-state.ts';
import { businessMsBetween, businessMsLater } from './calendar-rules.ts';
import type { SlaTerms } from './terms-rules.ts';

/** Notes are not replies, nor are messages that the service sends by itself. */
export type SlaEvent =
  'opened' | 'customer-message' | 'agent-reply' | 'automatic-message' | 'note' | 'resolved' | 'closed' | 'reopened';

export interface DueTransitions {
  readonly clocks: SlaClocks;
  readonly warnings: readonly SlaMetric[];
  readonly breaches: readonly SlaMetric[];
}

const minute = 60_000;
const warningPercent = 80;

/** Apply {@link dueTransitions} first: it does not find a breach whose clock has stopped. */
export function clocksAfter(clocks: SlaClocks, event: SlaEvent, terms: SlaTerms, now: number): SlaClocks {
  const started = (metric: SlaMetric): SlaClock => start(terms.targetMinutes[metric], terms.calendar, now);
  switch (event) {
    case 'opened':
      return { 'first-response': started('first-response'), resolution: started('resolution') };
    case 'customer-message':
      return hasEnded(clocks) ? clocks : awaitReply(clocks, terms, now);
    case 'agent-reply':
      return afterReply(clocks, terms, now);
    case 'automatic-message':
    case 'note':
      return clocks;
    case 'resolved':
    case 'closed':
      return mapClocks(clocks, (clock, metric) =>
        metric === 'resolution' ? meet(clock, terms.calendar, now) : pause(clock, terms.calendar, now),
      );
    case 'reopened':
      return hasEnded(clocks) ? afterReopening(clocks, terms, now) : clocks;
  }
}

/**
 * Carries the used time over to the targets and the calendar of another priority, team or policy.
 *
 * @param before - the calendar until now.
 */
export function withTerms(clocks: SlaClocks, before: Calendar, terms: SlaTerms, now: number): SlaClocks {
  return mapClocks(clocks, (clock, metric) => {
    const targetMinutes = terms.targetMinutes[metric];
    if (clock.metAt !== undefined) return clock;
    if (clock.since === undefined) return { ...clock, targetMinutes };
    const since = Math.max(clock.since, now);
    return run({ ...pause(clock, before, now), targetMinutes }, terms.calendar, since);
  });
}

/** Whether a clock has other targets, or an opening-hours calendar leads to another time. */
export function differFrom(clocks: SlaClocks, terms: SlaTerms, now: number): boolean {
  const current = withTerms(clocks, terms.calendar, terms, now);
  return slaMetrics.some((metric) => {
    const [old, changed] = [clocks[metric], current[metric]];
    if (old === undefined || old.metAt !== undefined) return false;
    // The time of a clock that is overdue does not move with the calendar.
    const isMoved = old.dueAt !== changed?.dueAt && !isPast(old.dueAt, now);
    return old.targetMinutes !== changed?.targetMinutes || isMoved;
  });
}

/** Each clock is warned about at most once and breaches at most once. No warning follows a breach. */
export function dueTransitions(clocks: SlaClocks, now: number): DueTransitions {
  const breaches = slaMetrics.filter((metric) => isPast(breachDueAt(clocks[metric]), now));
  const warnings = slaMetrics.filter(
    (metric) => !breaches.includes(metric) && isPast(warningDueAt(clocks[metric]), now),
  );
  if (breaches.length === 0 && warnings.length === 0) return { clocks, warnings, breaches };
  const changed = mapClocks(clocks, (clock, metric) => {
    if (breaches.includes(metric)) return { ...clock, breached: true };
    return warnings.includes(metric) ? { ...clock, warned: true } : clock;
  });
  return { clocks: changed, warnings, breaches };
}

/** @returns when the next warning or breach is due; undefined if none is. */
export function nextWake(clocks: SlaClocks): number | undefined {
  const times = slaMetrics.flatMap((metric) => {
    const clock = clocks[metric];
    return [warningDueAt(clock), breachDueAt(clock)].filter((at) => at !== undefined);
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The clock that is due next; of a resolved or closed conversation, the resolution. A breach is never taken back. */
export function slaView(clocks: SlaClocks, now: number): SlaView | undefined {
  const views = slaMetrics.flatMap((metric) => {
    const clock = clocks[metric];
    return clock === undefined ? [] : [{ metric, clock, state: stateOf(clock, now) }];
  });
  const running = views.filter(({ clock }) => clock.since !== undefined);
  const rank = ({ clock, state }: (typeof views)[number]) =>
    state === 'breached' ? -Infinity : (clock.dueAt ?? Infinity);
  const [first] = running.toSorted((one, other) => (rank(one) < rank(other) ? -1 : rank(one) > rank(other) ? 1 : 0));
  const shown = first ?? views.find(({ metric }) => metric === 'resolution');
  if (shown === undefined) return undefined;
  const { metric, clock, state } = shown;
  return {
    metric,
    ...(clock.dueAt === undefined ? {} : { dueAt: new Date(clock.dueAt).toISOString() }),
    state,
  };
}

function stateOf(clock: SlaClock, now: number): SlaView['state'] {
  if (clock.breached === true || isPast(clock.dueAt, now)) return 'breached';
  if (clock.metAt !== undefined) return 'met';
  if (clock.since === undefined) return 'paused';
  return isPast(clock.warnAt, now) ? 'at-risk' : 'active';
}

function isPast(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now;
}

function warningDueAt(clock: SlaClock | undefined): number | undefined {
  return clock?.warned === true || clock?.breached === true ? undefined : clock?.warnAt;
}

function breachDueAt(clock: SlaClock | undefined): number | undefined {
  return clock?.breached === true ? undefined : clock?.dueAt;
}

function hasEnded(clocks: SlaClocks): boolean {
  return clocks.resolution?.metAt !== undefined;
}

function awaitReply(clocks: SlaClocks, terms: SlaTerms, now: number): SlaClocks {
  const { 'first-response': first, 'next-response': next, resolution } = clocks;
  const isAnswered = first?.metAt !== undefined && (next === undefined || next.metAt !== undefined);
  return {
    ...clocks,
    ...(isAnswered ? { 'next-response': start(terms.targetMinutes['next-response'], terms.calendar, now) } : {}),
    ...(resolution === undefined ? {} : { resolution: resume(resolution, 'resolution', terms, now) }),
  };
}

function afterReply(clocks: SlaClocks, terms: SlaTerms, now: number): SlaClocks {
  return mapClocks(clocks, (clock, metric) => {
    if (metric !== 'resolution') return meet(clock, terms.calendar, now);
    return terms.pausesForCustomer ? pause(clock, terms.calendar, now) : clock;
  });
}

function afterReopening(clocks: SlaClocks, terms: SlaTerms, now: number): SlaClocks {
  return mapClocks(clocks, (clock, metric) => {
    if (metric !== 'resolution') return resume(clock, metric, terms, now);
    const { metAt: _, ...unmet } = clock;
    return resume(unmet, metric, terms, now);
  });
}

function mapClocks(clocks: SlaClocks, change: (clock: SlaClock, metric: SlaMetric) => SlaClock): SlaClocks {
  return Object.fromEntries(
    slaMetrics.flatMap((metric) => {
      const clock = clocks[metric];
      return clock === undefined ? [] : [[metric, change(clock, metric)]];
    }),
  );
}

function start(targetMinutes: number, calendar: Calendar, now: number): SlaClock {
  return run({ startedAt: now, targetMinutes, usedMs: 0 }, calendar, now);
}

/** Has no effect on a clock that runs or has stopped for good. */
function resume(clock: SlaClock, metric: SlaMetric, { targetMinutes, calendar }: SlaTerms, now: number): SlaClock {
  if (clock.since !== undefined || clock.metAt !== undefined) return clock;
  return run({ ...clock, targetMinutes: targetMinutes[metric] }, calendar, now);
}

function run(clock: SlaClock, calendar: Calendar, since: number): SlaClock {
  const target = clock.targetMinutes * minute;
  const warnAt = businessMsLater(calendar, since, (target * warningPercent) / 100 - clock.usedMs);
  const dueAt = businessMsLater(calendar, since, target - clock.usedMs);
  return {
    ...clock,
    since,
    ...(warnAt === undefined ? {} : { warnAt }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
}

function pause(clock: SlaClock, calendar: Calendar, now: number): SlaClock {
  const { since, dueAt: _due, warnAt: _warn, ...stopped } = clock;
  return since === undefined ? clock : { ...stopped, usedMs: clock.usedMs + businessMsBetween(calendar, since, now) };
}

function meet(clock: SlaClock, calendar: Calendar, now: number): SlaClock {
  if (clock.metAt !== undefined) return clock;
  const stopped = pause(clock, calendar, now);
  const isLate = stopped.usedMs >= stopped.targetMinutes * minute;
  return { ...stopped, ...(isLate ? { breached: true } : {}), metAt: Math.max(now, clock.startedAt) };
}
