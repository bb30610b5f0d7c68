import { describe, expect, it } from 'vitest';
import { defaultEscalation } from '../../contract/schemas/escalation.ts';
import type { SupportState } from '../log/support-state.ts';
import {
  acceptsMessages,
  acknowledgedBy,
  afterCustomerMessage,
  afterReply,
  assign,
  close,
  type DeskTerms,
  openSupport,
  raise,
  reopen,
  resolve,
  transferToTeam,
  unassign,
  wakeTimeOf,
  wipe,
} from './support-rules.ts';

const minute = 60_000;
const hour = 60 * minute;
const terms: DeskTerms = {
  policy: { medium: { firstResponseMinutes: 100, nextResponseMinutes: 50, resolutionMinutes: 1000 } },
  calendar: 'always',
  pausesForCustomer: true,
  escalation: defaultEscalation,
  reopenMs: 72 * hour,
};
const amina = { userId: 'amina', displayName: 'Amina' };
const opened = openSupport({ customerId: 'guest', priority: 'medium', tags: [] }, terms, 1000);

/** @throws if the status does not allow the transition. */
function done(state: SupportState | undefined): SupportState {
  if (state === undefined) throw new Error('The status does not allow the transition');
  return state;
}

const active = done(assign(opened, amina, 2000));
const answered = afterReply(active, 'amina', terms, 3000);
const resolved = done(resolve(answered, 'amina', terms, 4000));
const closed = done(close(answered, 'amina', terms, 4000));
const raised = raise(active, 7, terms, 5000);

describe('a transition', () => {
  it.each([
    ['assign', (state: SupportState) => assign(state, amina, 9), ['waiting', 'active']],
    ['unassign', (state: SupportState) => unassign(state, 9), ['active']],
    ['transfer to a team', (state: SupportState) => transferToTeam(state, 'billing', 9), ['waiting', 'active']],
    ['resolve', (state: SupportState) => resolve(state, 'amina', terms, 9), ['active']],
    ['close', (state: SupportState) => close(state, 'amina', terms, 9), ['waiting', 'active', 'resolved']],
    ['reopen', (state: SupportState) => reopen(state, terms, 9), ['resolved', 'closed']],
  ])('refuses to %s in other statuses', (_, change, statuses) => {
    const possible = [opened, active, resolved, closed].filter((state) => change(state) !== undefined);
    expect(possible.map(({ status }) => status)).toEqual(statuses);
  });

  it('keeps the waiting time when a conversation returns to the queue or goes to another team', () => {
    expect(done(unassign(active, 9000))).toMatchObject({ status: 'waiting', waitingSince: 1000 });
    expect(done(transferToTeam(active, 'billing', 9000))).toMatchObject({ teamId: 'billing', waitingSince: 1000 });
  });

  it('lets the time begin when the customer did not wait before', () => {
    expect(done(unassign(answered, 9000)).waitingSince).toBe(9000);
  });

  it('leaves no agent in a conversation that waits', () => {
    const { assigneeId, assigneeName, assignedAt } = done(unassign(active, 9000));
    expect([assigneeId, assigneeName, assignedAt]).toEqual([undefined, undefined, undefined]);
  });

  it('does not reopen a wiped conversation', () => {
    expect(reopen(wipe(active, terms, 9), terms, 10)).toBeUndefined();
  });
});

describe('acceptsMessages', () => {
  it.each([
    ['waiting', opened, 10 * 365 * 24 * hour, true],
    ['active', active, 10 * 365 * 24 * hour, true],
    ['resolved', resolved, 4000 + 72 * hour - 1, true],
    ['resolved', resolved, 4000 + 72 * hour, false],
    ['closed', closed, 4000, false],
  ])('decides for a conversation that is %s', (_, state, at, expected) => {
    expect(acceptsMessages(state, terms, at)).toBe(expected);
  });
});

describe('a message of the customer', () => {
  const message = { seq: 9, urgent: false };

  it('begins the waiting time, which a second one does not restart', () => {
    const first = afterCustomerMessage(answered, message, terms, 6000);
    expect(first.waitingSince).toBe(6000);
    expect(afterCustomerMessage(first, message, terms, 7000)).toBe(first);
  });

  it('reopens a resolved conversation', () => {
    expect(afterCustomerMessage(resolved, message, terms, 6000)).toMatchObject({
      status: 'waiting',
      waitingSince: 6000,
    });
  });

  it('raises the conversation if it is urgent, and alerts at once', () => {
    const urgent = afterCustomerMessage(answered, { seq: 9, urgent: true }, terms, 6000);
    expect(urgent).toMatchObject({ priority: 'urgent', urgency: { seq: 9, step: 1, nextAt: 21_000 } });
    expect(afterCustomerMessage(urgent, { seq: 10, urgent: true }, terms, 7000).urgency).toEqual(urgent.urgency);
  });
});

describe('a reply', () => {
  it('ends the waiting time and the escalation, and keeps the priority', () => {
    const replied = afterReply(raised, 'amina', terms, 8000);
    expect(replied).toMatchObject({ priority: 'urgent', urgency: { acknowledgedBy: 'amina' } });
    expect(replied.urgency).not.toHaveProperty('nextAt');
    expect(replied).not.toHaveProperty('waitingSince');
  });

  it('leaves a conversation without an agent in the queue', () => {
    expect(afterReply(opened, 'amina', terms, 8000)).toMatchObject({ status: 'waiting', waitingSince: 1000 });
  });
});

describe('an escalation', () => {
  it('ends by a person who resolves or closes, and not by the service', () => {
    expect(done(resolve(raised, 'amina', terms, 8000)).urgency).toHaveProperty('acknowledgedBy', 'amina');
    expect(done(close(raised, 'amina', terms, 8000)).urgency).toHaveProperty('acknowledgedBy', 'amina');
    expect(done(close(raised, undefined, terms, 8000)).urgency).not.toHaveProperty('acknowledgedBy');
  });

  it('has the first person who acknowledges', () => {
    const known = acknowledgedBy(raised, 'amina', 8000);
    expect(acknowledgedBy(known, 'bela', 9000)).toBe(known);
  });

  it('is no longer part of a wiped conversation', () => {
    expect(wipe(raised, terms, 8000)).toMatchObject({ status: 'closed', wipedAt: 8000 });
    expect(wipe(raised, terms, 8000)).not.toHaveProperty('urgency');
  });
});

describe('wakeTimeOf', () => {
  it.each([
    ['the warning of an open conversation', opened, 1000 + 80 * minute],
    ['the next step of an escalation, which is earlier', raised, 20_000],
    ['the end of the time in which a message reopens', resolved, 4000 + 72 * hour],
    ['nothing in a closed conversation', closed, undefined],
    ['nothing in a closed conversation that was urgent', close(raised, undefined, terms, 8000), undefined],
  ])('is %s', (_, state, expected) => {
    expect(wakeTimeOf(done(state), terms)).toBe(expected);
  });
});
