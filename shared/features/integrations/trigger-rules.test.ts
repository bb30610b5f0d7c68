import { describe, expect, it } from 'vitest';
import { ticketRules } from '../../contract/schemas/integration.ts';
import type { SupportState } from '../log/support-state.ts';
import { wantsTicket } from './trigger-rules.ts';

const state: SupportState = {
  ...{ status: 'active', priority: 'medium', customerId: 'c', tags: [], openedAt: 2000, clocks: {} },
};

const wants = (rules: object, change: Partial<SupportState> = {}, more: object = {}) =>
  wantsTicket({ enabled: true, createdAt: 1000, rules: ticketRules.parse(rules), ...more }, { ...state, ...change });

describe('wantsTicket', () => {
  it.each([
    ['on-start', {}, true],
    ['on-urgent', {}, false],
    ['on-urgent', { priority: 'urgent' }, true],
    ['on-urgent', { urgency: { raisedAt: 1, seq: 1, step: 0 } }, true],
    ['on-resolve', {}, false],
    ['on-resolve', { status: 'resolved' }, true],
    ['on-resolve', { status: 'closed' }, true],
    ['by-hand', { status: 'closed', priority: 'urgent' }, false],
  ] as const)('decides %s for %j: %s', (createOn, change, expected) => {
    expect(wants({ createOn }, change)).toBe(expected);
  });

  it('considers teams and priorities', () => {
    const teamId = '01KAJ7D3QK8M2P5S9V1X4Z6B8D';
    const rules = { createOn: 'on-start', teamIds: [teamId], priorities: ['high'] };
    expect(wants(rules, { teamId, priority: 'high' })).toBe(true);
    expect(wants(rules, { teamId })).toBe(false);
    expect(wants(rules, { priority: 'high' })).toBe(false);
  });

  it('leaves out conversations from before the integration, wiped ones, and disabled integrations', () => {
    expect(wants({ createOn: 'on-start' }, { openedAt: 999 })).toBe(false);
    expect(wants({ createOn: 'on-start' }, { wipedAt: 3000 })).toBe(false);
    expect(wants({ createOn: 'on-start' }, {}, { enabled: false })).toBe(false);
  });
});
