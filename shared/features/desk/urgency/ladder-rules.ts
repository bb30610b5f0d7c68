import type { Escalation } from '../../../contract/schemas/escalation.ts';
import type { AlertedGroup } from '../../../contract/schemas/support.ts';
import type { Urgency } from '../../log/support-state.ts';

export interface DueSteps {
  readonly urgency: Urgency;
  /** The groups of all steps that are due, each once. Empty if none is. */
  readonly to: readonly AlertedGroup[];
}

const second = 1000;

/** Until a person acknowledges, another urgent message does not restart the ladder. */
export function startUrgency(current: Urgency | undefined, seq: number, ladder: Escalation, now: number): Urgency {
  if (current !== undefined && current.acknowledgedAt === undefined) return current;
  const urgency: Urgency = { raisedAt: now, seq, step: 0 };
  return { ...urgency, nextAt: timeOf(urgency, ladder, 0) };
}

/**
 * Takes all steps that are due. Several overdue ones make one alert.
 * @returns the urgency with its next step, also if none is due: the ladder may have changed.
 */
export function dueSteps(urgency: Urgency, ladder: Escalation, now: number): DueSteps {
  const nextAt = nextStepAt(urgency, ladder);
  if (nextAt === undefined) return { urgency, to: [] };
  const to: AlertedGroup[] = [];
  let next = urgency.step;
  for (; next < ladder.steps.length && timeOf(urgency, ladder, next) <= now; next += 1) {
    to.push(...(ladder.steps[next]?.to ?? []));
  }
  const repetitions = next < ladder.steps.length ? 0 : repetitionsUntil(urgency, ladder, next, now);
  if (repetitions > 0) {
    next += repetitions;
    to.push(...ladder.steps.flatMap((step) => step.to));
  }
  return { urgency: { ...urgency, step: next, nextAt: timeOf(urgency, ladder, next) }, to: [...new Set(to)] };
}

/** @returns undefined after the acknowledgement. */
export function nextStepAt(urgency: Urgency, ladder: Escalation): number | undefined {
  return urgency.acknowledgedAt === undefined ? timeOf(urgency, ladder, urgency.step) : undefined;
}

/** Only people acknowledge. The first acknowledgement counts. */
export function acknowledge(urgency: Urgency, userId: string, now: number): Urgency {
  if (urgency.acknowledgedAt !== undefined) return urgency;
  const { nextAt: _, ...rest } = urgency;
  return { ...rest, acknowledgedAt: Math.max(now, urgency.raisedAt), acknowledgedBy: userId };
}

function timeOf({ raisedAt }: Urgency, { steps, repeatSeconds }: Escalation, step: number): number {
  const last = steps.at(-1)?.afterSeconds ?? 0;
  const after = steps[step]?.afterSeconds ?? last + (step - steps.length + 1) * repeatSeconds;
  return raisedAt + after * second;
}

/** Counts from the given step, which is a repetition. */
function repetitionsUntil(urgency: Urgency, ladder: Escalation, step: number, now: number): number {
  const late = now - timeOf(urgency, ladder, step);
  return late < 0 ? 0 : Math.floor(late / (ladder.repeatSeconds * second)) + 1;
}
