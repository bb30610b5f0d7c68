import { describe, expect, it } from 'vitest';
import { defaultEscalation } from '../../contract/schemas/escalation.ts';
import { changedMembers, changedTexts, isSeenByCustomers, withProperties, withTexts } from './property-rules.ts';
import { assign, close, type DeskTerms, openSupport, reopen, resolve } from './support-rules.ts';

const terms: DeskTerms = {
  policy: {},
  calendar: 'always',
  pausesForCustomer: true,
  escalation: defaultEscalation,
  reopenMs: 1000,
};
const waiting = openSupport({ customerId: 'sam', priority: 'medium', tags: ['billing'], teamId: 'north' }, terms, 0);
const at = { by: 'amina', seq: 7, terms, now: 500 };

describe('withProperties', () => {
  it('keeps members that the change omits, and returns the same state if nothing differs', () => {
    expect(withProperties(waiting, {}, at)).toBe(waiting);
    expect(withProperties(waiting, { tags: ['billing'], teamId: 'north', priority: 'medium' }, at)).toBe(waiting);
    expect(withProperties(waiting, { language: 'fr' }, at)).toEqual({ ...waiting, language: 'fr' });
  });

  it('removes a member with null, an empty list or false', () => {
    const filled = withProperties(waiting, { language: 'fr', skills: ['tax'], archived: true }, at);
    const emptied = withProperties(filled, { language: null, skills: [], archived: false, teamId: null }, at);
    const { teamId: _, ...rest } = waiting;
    expect(emptied).toEqual(rest);
    expect(changedMembers(filled, emptied)).toEqual(['language', 'skills', 'teamId', 'archived']);
  });

  it('starts the escalation when an open conversation becomes urgent, and acknowledges when it is lowered', () => {
    const urgent = withProperties(waiting, { priority: 'urgent' }, at);
    expect(urgent).toMatchObject({ priority: 'urgent', urgency: { seq: 7, raisedAt: 500 } });
    const lowered = withProperties(urgent, { priority: 'high' }, { ...at, seq: 8, now: 600 });
    expect(lowered.urgency).toMatchObject({ acknowledgedAt: 600, acknowledgedBy: 'amina' });
    expect(lowered.urgency?.nextAt).toBeUndefined();
  });

  it('does not start the escalation of a closed conversation', () => {
    const closed = close(waiting, 'amina', terms, 100) ?? waiting;
    expect(withProperties(closed, { priority: 'urgent' }, at)).toMatchObject({ priority: 'urgent' });
    expect(withProperties(closed, { priority: 'urgent' }, at).urgency).toBeUndefined();
  });
});

describe('an archived conversation', () => {
  it('returns to the lists when it is reopened', () => {
    const active = assign(waiting, { userId: 'amina', displayName: 'Amina' }, 50) ?? waiting;
    const resolved = resolve(active, 'amina', terms, 100) ?? active;
    const archived = withProperties(resolved, { archived: true }, at);
    expect(archived.archived).toBe(true);
    expect(reopen(archived, terms, 700)?.archived).toBeUndefined();
  });
});

describe('changedTexts', () => {
  const texts = { subject: 'Login', metadata: { page: '/a', build: 1 } };

  it('has only the members that differ', () => {
    const same = { subject: 'Login', description: null, metadata: { build: 1, page: '/a' } };
    expect(changedTexts(texts, same)).toEqual({});
    expect(changedTexts(texts, { subject: null, description: 'Locked' })).toEqual({
      subject: null,
      description: 'Locked',
    });
  });

  it('leads to texts without the removed members', () => {
    expect(withTexts(texts, { subject: null, description: 'Locked' })).toEqual({
      description: 'Locked',
      metadata: texts.metadata,
    });
  });
});

describe('isSeenByCustomers', () => {
  it('is true for members that customers see', () => {
    expect(isSeenByCustomers({ subject: null })).toBe(true);
    expect(isSeenByCustomers({ priority: 'low', tags: [] })).toBe(true);
    expect(isSeenByCustomers({ tags: [], archived: true, language: 'fr', skills: [] })).toBe(false);
  });
});
