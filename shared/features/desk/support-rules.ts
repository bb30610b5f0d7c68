import type { DeskSettings } from '../tenants/desk-settings.ts';
import type { Escalation } from '../../contract/schemas/escalation.ts';
import type { SlaPolicy } from '../../contract/schemas/sla-policy.ts';
import type { Priority } from '../../contract/schemas/support.ts';
import type { Calendar } from '../../contract/schemas/calendar.ts';
import type { SupportState, Urgency } from '../log/support-state.ts';
import { clocksAfter, nextWake, type SlaEvent, slaView, withTerms } from './sla/clock-rules.ts';
import { type SlaTerms, slaTerms } from './sla/terms-rules.ts';
import { acknowledge, dueSteps, startUrgency } from './urgency/ladder-rules.ts';

/** The tenant's choices that decide about support conversations. */
export interface DeskTerms {
  readonly policy: SlaPolicy;
  readonly calendar: Calendar;
  readonly pausesForCustomer: boolean;
  readonly escalation: Escalation;
  readonly reopenMs: number;
}

export function deskTermsOf(settings: DeskSettings): DeskTerms {
  return {
    policy: settings.sla,
    calendar: settings.calendar,
    pausesForCustomer: settings.slaPausesForCustomer,
    escalation: settings.escalation,
    reopenMs: settings.reopenWindowHours * 3_600_000,
  };
}

/** Undefined if the status does not allow the transition. */
export type Transition = SupportState | undefined;

export interface Opening {
  readonly customerId: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly teamId?: string | undefined;
  readonly language?: string | undefined;
  readonly skills?: readonly string[] | undefined;
}

export interface Assignee {
  readonly userId: string;
  readonly displayName: string;
}

export function openSupport(opening: Opening, terms: DeskTerms, now: number): SupportState {
  const { customerId, priority, tags, teamId, language, skills } = opening;
  const state: SupportState = {
    status: 'waiting',
    priority,
    customerId,
    tags,
    ...(teamId === undefined ? {} : { teamId }),
    ...(language === undefined ? {} : { language }),
    ...(skills === undefined || skills.length === 0 ? {} : { skills }),
    openedAt: now,
    waitingSince: now,
    clocks: {},
  };
  return withClocks(state, 'opened', terms, now);
}

/** Also transfers a conversation from one agent to another. */
export function assign(state: SupportState, { userId, displayName }: Assignee, now: number): Transition {
  if (state.status !== 'waiting' && state.status !== 'active') return undefined;
  return { ...state, status: 'active', assigneeId: userId, assigneeName: displayName, assignedAt: now };
}

export function unassign(state: SupportState, now: number): Transition {
  return state.status === 'active' ? waiting(state, now) : undefined;
}

/** If the customer was not waiting, the waiting time begins now. */
function waiting(state: SupportState, now: number): SupportState {
  const { assigneeId: _id, assigneeName: _name, assignedAt: _at, ...kept } = state;
  return { ...kept, status: 'waiting', waitingSince: state.waitingSince ?? now };
}

export function transferToTeam(state: SupportState, teamId: string, now: number): Transition {
  if (state.status !== 'waiting' && state.status !== 'active') return undefined;
  return { ...waiting(state, now), teamId };
}

export function resolve(state: SupportState, by: string, terms: DeskTerms, now: number): Transition {
  if (state.status !== 'active') return undefined;
  const { waitingSince: _waiting, ...kept } = acknowledgedBy(state, by, now);
  return withClocks({ ...kept, status: 'resolved', resolvedAt: now }, 'resolved', terms, now);
}

/** @param by - undefined if the service closes the conversation. */
export function close(state: SupportState, by: string | undefined, terms: DeskTerms, now: number): Transition {
  if (state.status === 'closed') return undefined;
  const known = by === undefined ? state : acknowledgedBy(state, by, now);
  const { waitingSince: _waiting, ...kept } = known;
  return withClocks({ ...kept, status: 'closed', closedAt: now }, 'closed', terms, now);
}

/** Returns to the queue. Its agent, if there was one, is assigned again separately. */
export function reopen(state: SupportState, terms: DeskTerms, now: number): Transition {
  if (state.status !== 'resolved' && state.status !== 'closed') return undefined;
  if (state.wipedAt !== undefined) return undefined;
  // Lists leave an archived conversation out, so no agent would find it.
  const { resolvedAt: _resolved, closedAt: _closed, archived: _archived, ...kept } = state;
  return withClocks(waiting(kept, now), 'reopened', terms, now);
}

/** Whether the conversation accepts messages of its customer. */
export function acceptsMessages({ status, resolvedAt = 0 }: SupportState, terms: DeskTerms, now: number): boolean {
  return status === 'resolved' ? now < resolvedAt + terms.reopenMs : status !== 'closed';
}

/**
 * A message of the customer. It reopens a resolved conversation, and an urgent one raises it. Call only if
 * {@link acceptsMessages}.
 * @returns the same state if the message changes nothing.
 */
export function afterCustomerMessage(
  state: SupportState,
  { seq, urgent }: { readonly seq: number; readonly urgent: boolean },
  terms: DeskTerms,
  now: number,
): SupportState {
  let next = state.status === 'resolved' ? (reopen(state, terms, now) ?? state) : state;
  if (urgent) next = raise(next, seq, terms, now);
  if (next.waitingSince === undefined) next = { ...next, waitingSince: now };
  const clocks = clocksAfter(next.clocks, 'customer-message', termsOf(next, terms), now);
  const isSame = JSON.stringify(clocks) === JSON.stringify(next.clocks);
  return isSame ? next : withView({ ...next, clocks }, now);
}

/** Nothing lowers the urgency but a person who changes the priority. */
export function raise(state: SupportState, seq: number, terms: DeskTerms, now: number): SupportState {
  const started = startUrgency(state.urgency, seq, terms.escalation, now);
  const isNew = started !== state.urgency;
  if (!isNew && state.priority === 'urgent') return state;
  // The function that writes the message takes the first steps, which alert available agents at once.
  const urgency = isNew ? (takeDueSteps(started, terms, now) ?? started) : started;
  return withPriority({ ...state, urgency }, 'urgent', terms, now);
}

/** Takes the steps of the escalation that are due. @returns undefined if none is. */
export function takeDueSteps(urgency: Urgency, { escalation }: DeskTerms, now: number): Urgency | undefined {
  const due = dueSteps(urgency, escalation, now);
  return due.to.length === 0 ? undefined : { ...due.urgency, alerted: due.to };
}

/** A reply of a person of the desk. Only a person's reply stops the clocks. */
export function afterReply(state: SupportState, by: string, terms: DeskTerms, now: number): SupportState {
  const known = acknowledgedBy(state, by, now);
  if (known === state && state.waitingSince === undefined && state.clocks['first-response']?.metAt !== undefined) {
    return state;
  }
  if (state.status === 'waiting') return withClocks(known, 'agent-reply', terms, now);
  const { waitingSince: _, ...answered } = known;
  return withClocks(answered, 'agent-reply', terms, now);
}

export function withPriority(state: SupportState, priority: Priority, terms: DeskTerms, now: number): SupportState {
  const clocks = withTerms(state.clocks, terms.calendar, termsOf({ ...state, priority }, terms), now);
  return withView({ ...state, priority, clocks }, now);
}

/** @returns the same state if nothing is left to acknowledge. */
export function acknowledgedBy(state: SupportState, userId: string, now: number): SupportState {
  const { urgency } = state;
  if (urgency === undefined || urgency.acknowledgedAt !== undefined) return state;
  return { ...state, urgency: acknowledge(urgency, userId, now) };
}

/** The content is gone, and the conversation is closed. Its tags and needs say something about the customer, too. */
export function wipe(state: SupportState, terms: DeskTerms, now: number): SupportState {
  const closed = close(state, undefined, terms, now) ?? state;
  const { urgency: _urgency, language: _language, skills: _skills, ...kept } = closed;
  return { ...kept, tags: [], wipedAt: now };
}

export function termsOf({ priority }: Pick<SupportState, 'priority'>, terms: DeskTerms): SlaTerms {
  return slaTerms(terms.policy, priority, terms);
}

function withClocks(state: SupportState, event: SlaEvent, terms: DeskTerms, now: number): SupportState {
  return withView({ ...state, clocks: clocksAfter(state.clocks, event, termsOf(state, terms), now) }, now);
}

export function withView(state: SupportState, now: number): SupportState {
  const { sla: _, ...kept } = state;
  const sla = slaView(state.clocks, now);
  return sla === undefined ? kept : { ...kept, sla };
}

/** When the service must act next: a clock, a step of the escalation, or closing. */
export function wakeTimeOf(state: SupportState, terms: DeskTerms): number | undefined {
  const { status, urgency, resolvedAt } = state;
  const times = [
    status === 'closed' ? undefined : urgency?.nextAt,
    status === 'waiting' || status === 'active' ? nextWake(state.clocks) : undefined,
    status === 'resolved' && resolvedAt !== undefined ? resolvedAt + terms.reopenMs : undefined,
  ].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}
