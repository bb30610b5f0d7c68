import { describe, expect, it } from 'vitest';
import { defaultEscalation } from '../../contract/schemas/escalation.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import { nextConversation } from './next-conversation.ts';
import { assign, type DeskTerms, openSupport, unassign, wipe } from './support-rules.ts';

const terms: DeskTerms = {
  policy: {},
  calendar: 'always',
  pausesForCustomer: true,
  escalation: defaultEscalation,
  reopenMs: 1000,
};
const support = openSupport({ customerId: 'guest', priority: 'medium', tags: [] }, terms, 1000);
const active = assign(support, { userId: 'amina', displayName: 'Amina' }, 2000) ?? support;
const before: SupportConversation = {
  kind: 'support',
  createdBy: 'guest',
  participants: {},
  revision: 1,
  createdAt: 1000,
  revisedAt: 1000,
  support: active,
  sealed: { revision: 1, value: new Uint8Array() },
  assignments: [],
  wakeAt: 5,
};
const entry = { createdAt: 3000, state: { count: 1, revision: 2 } };
/** 80 % of twelve hours after the opening. */
const warningAt = 34_561_000;

describe('the timer of a conversation', () => {
  it('is due at once when the conversation returns to the queue', () => {
    expect(nextConversation(before, unassign(active, 3000) ?? active, entry, terms).wakeAt).toBe(3000);
  });

  it('is what is due next while the conversation has an agent', () => {
    expect(nextConversation(before, active, entry, terms).wakeAt).toBe(warningAt);
  });

  it('is the time when others take over from an absent agent, if that is earlier', () => {
    expect(nextConversation(before, active, entry, terms, 4000).wakeAt).toBe(4000);
    expect(nextConversation(before, active, entry, terms, warningAt + 1).wakeAt).toBe(warningAt);
  });
});

describe('what a conversation was opened with', () => {
  const opened = { ...before, incidentId: 'INC-7', templateId: 'template' };

  it('stays until a wipe', () => {
    expect(nextConversation(opened, active, entry, terms)).toMatchObject({
      incidentId: 'INC-7',
      templateId: 'template',
    });
    const wiped = nextConversation(opened, wipe(active, terms, 3000), entry, terms);
    expect(wiped).not.toHaveProperty('incidentId');
    expect(wiped).not.toHaveProperty('templateId');
  });
});
