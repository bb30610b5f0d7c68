import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultEscalation, type Escalation } from '../../../contract/schemas/escalation.ts';
import { type AlertedGroup, alertedGroups } from '../../../contract/schemas/support.ts';
import type { Urgency } from '../../log/support-state.ts';
import { acknowledge, dueSteps, nextStepAt, startUrgency } from './ladder-rules.ts';

const second = 1000;
const at = (seconds: number) => seconds * second;
const raised = startUrgency(undefined, 7, defaultEscalation, 0);

interface Alert {
  /** How many steps of the ladder it takes at once. */
  readonly steps: number;
  readonly to: readonly AlertedGroup[];
}

/** Takes the steps that are due at each time. */
function climb(urgency: Urgency, ladder: Escalation, times: readonly number[]): { urgency: Urgency; alerts: Alert[] } {
  const alerts: Alert[] = [];
  for (const now of times) {
    const due = dueSteps(urgency, ladder, now);
    alerts.push({ steps: due.urgency.step - urgency.step, to: due.to });
    urgency = due.urgency;
  }
  return { urgency, alerts };
}

describe('startUrgency', () => {
  it('begins at the first step of the ladder', () => {
    expect(startUrgency(undefined, 7, defaultEscalation, 500)).toEqual({ raisedAt: 500, seq: 7, step: 0, nextAt: 500 });
    const late = { ...defaultEscalation, steps: [{ afterSeconds: 20, to: ['team' as const] }] };
    expect(startUrgency(undefined, 7, late, 500).nextAt).toBe(20_500);
  });

  it('does not restart the ladder before the acknowledgement', () => {
    const climbed = dueSteps(raised, defaultEscalation, at(40)).urgency;
    expect(startUrgency(climbed, 9, defaultEscalation, at(45))).toBe(climbed);
  });

  it('starts a new ladder after the acknowledgement', () => {
    const acknowledged = acknowledge(dueSteps(raised, defaultEscalation, at(40)).urgency, 'ann', at(50));
    expect(startUrgency(acknowledged, 9, defaultEscalation, at(60))).toEqual({
      raisedAt: at(60),
      seq: 9,
      step: 0,
      nextAt: at(60),
    });
  });
});

describe('the default ladder', () => {
  it('alerts more and more people, and then all of them every five minutes', () => {
    let urgency = raised;
    const alerts: unknown[] = [];
    for (let count = 0; count < 9; count += 1) {
      const due = dueSteps(urgency, defaultEscalation, urgency.nextAt ?? Infinity);
      alerts.push([(urgency.nextAt ?? Infinity) / second, due.to.join()]);
      urgency = due.urgency;
    }
    const all = 'team,agents,admins,on-call';
    expect(alerts).toEqual([
      [0, 'team'],
      [15, 'team'],
      [30, 'agents'],
      [60, 'admins'],
      [120, 'on-call'],
      [300, all],
      [600, all],
      [900, all],
      [1200, all],
    ]);
  });
});

describe('dueSteps', () => {
  it('takes no step before its time', () => {
    const { urgency } = dueSteps(raised, defaultEscalation, 0);
    expect(dueSteps(urgency, defaultEscalation, at(15) - 1)).toEqual({ urgency, to: [] });
    expect(dueSteps(raised, defaultEscalation, -1)).toEqual({ urgency: raised, to: [] });
  });

  it('merges overdue steps into one alert and goes on from there', () => {
    const due = dueSteps(raised, defaultEscalation, at(61));
    expect(due).toEqual({
      urgency: { ...raised, step: 4, nextAt: at(120) },
      to: ['team', 'agents', 'admins'],
    });
  });

  it('merges missed repetitions into one alert', () => {
    const { urgency } = dueSteps(raised, defaultEscalation, at(300));
    expect(dueSteps(urgency, defaultEscalation, at(30 * 86_400))).toMatchObject({
      to: alertedGroups,
      urgency: { step: 8645, nextAt: at(30 * 86_400 + 300) },
    });
  });

  it('repeats only the groups of the ladder', () => {
    const ladder: Escalation = {
      steps: [
        { afterSeconds: 0, to: ['team'] },
        { afterSeconds: 10, to: ['admins', 'team'] },
      ],
      repeatSeconds: 30,
    };
    const { urgency } = dueSteps(raised, ladder, at(10));
    expect(dueSteps(urgency, ladder, at(40)).to).toEqual(['team', 'admins']);
  });

  it('follows a ladder that changed', () => {
    const { urgency } = dueSteps(raised, defaultEscalation, at(15));
    const slower: Escalation = {
      steps: [
        { afterSeconds: 0, to: ['team'] },
        { afterSeconds: 60, to: ['team'] },
        { afterSeconds: 90, to: ['admins'] },
      ],
      repeatSeconds: 30,
    };
    expect(dueSteps(urgency, slower, at(30))).toMatchObject({ to: [], urgency: { step: 2, nextAt: at(90) } });
    const shorter: Escalation = { steps: [{ afterSeconds: 0, to: ['team'] }], repeatSeconds: 30 };
    expect(dueSteps(urgency, shorter, at(60))).toMatchObject({
      to: ['team'],
      urgency: { step: 3, nextAt: at(90) },
    });
  });

  it('alerts no one after the acknowledgement', () => {
    const acknowledged = acknowledge(raised, 'ann', at(5));
    expect(dueSteps(acknowledged, defaultEscalation, at(9999))).toEqual({ urgency: acknowledged, to: [] });
  });
});

describe('acknowledge', () => {
  it('ends the ladder and records who acknowledged and when', () => {
    const climbed = dueSteps(raised, defaultEscalation, at(40)).urgency;
    const acknowledged = acknowledge(climbed, 'ann', at(50));
    expect(acknowledged).toEqual({ raisedAt: 0, seq: 7, step: 3, acknowledgedAt: at(50), acknowledgedBy: 'ann' });
    expect(nextStepAt(acknowledged, defaultEscalation)).toBeUndefined();
  });

  it('keeps the first acknowledgement', () => {
    const acknowledged = acknowledge(raised, 'ann', at(50));
    expect(acknowledge(acknowledged, 'bea', at(60))).toBe(acknowledged);
  });

  it('never comes before the urgent message', () => {
    expect(acknowledge({ ...raised, raisedAt: at(10) }, 'ann', at(5)).acknowledgedAt).toBe(at(10));
  });
});

const ladders = fc.record({
  steps: fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 }).chain((times) =>
    fc.tuple(
      ...times
        .toSorted((one, other) => one - other)
        .map((afterSeconds) =>
          fc.record({
            afterSeconds: fc.constant(afterSeconds),
            to: fc.uniqueArray(fc.constantFrom(...alertedGroups), { minLength: 1 }),
          }),
        ),
    ),
  ),
  repeatSeconds: fc.integer({ min: 30, max: 300 }),
});
/** The clock may jump back. */
const times = fc.array(fc.integer({ min: 0, max: at(2000) }), { maxLength: 30 });

describe('a ladder', () => {
  it('never returns to an earlier step, and alerts exactly when it takes one', () => {
    fc.assert(
      fc.property(ladders, times, (ladder, all) => {
        const { alerts } = climb(startUrgency(undefined, 1, ladder, 0), ladder, all);
        for (const { steps, to } of alerts) {
          expect(steps).toBeGreaterThanOrEqual(0);
          expect(to.length > 0).toBe(steps > 0);
        }
      }),
    );
  });

  it('has taken exactly the steps until the latest time at which the timer fired', () => {
    fc.assert(
      fc.property(ladders, times, (ladder, all) => {
        const latest = Math.max(-1, ...all);
        const start = startUrgency(undefined, 1, ladder, 0);
        const { urgency } = climb(start, ladder, all);
        expect(nextStepAt(urgency, ladder)).toBeGreaterThan(latest);
        expect(urgency.nextAt).toBe(nextStepAt(urgency, ladder));
        if (urgency.step === 0) return;
        const former = nextStepAt({ ...urgency, step: urgency.step - 1 }, ladder);
        expect(former).toBeLessThanOrEqual(latest);
      }),
    );
  });

  it('alerts the same people with one late timer as with all timers on time', () => {
    fc.assert(
      fc.property(ladders, fc.integer({ min: 0, max: at(2000) }), (ladder, now) => {
        let urgency = startUrgency(undefined, 1, ladder, 0);
        const late = dueSteps(urgency, ladder, now);
        const alerted = new Set<string>();
        while ((urgency.nextAt ?? Infinity) <= now) {
          const due = dueSteps(urgency, ladder, urgency.nextAt ?? Infinity);
          due.to.forEach((group) => alerted.add(group));
          urgency = due.urgency;
        }
        expect(new Set(late.to)).toEqual(alerted);
        expect(late.to).toHaveLength(alerted.size);
        expect(late.urgency).toEqual(urgency);
      }),
    );
  });
});
