import { describe, expect, it } from 'vitest';
import { systemUserId } from '../../../contract/schemas/ids.ts';
import type { SupportStateView } from '../../../contract/schemas/support.ts';
import type { SupportConversation } from '../../log/conversation-item.ts';
import { assignmentKind, type EntryContent, messageKind, slaKind, statusKind } from '../../log/entry-kinds.ts';
import type { EntryKind, LogEntry } from '../../log/log-entry.ts';
import type { SupportState } from '../../log/support-state.ts';
import {
  causesOfAssignment,
  causesOfMessage,
  causesOfSla,
  causesOfStatus,
  causesOfUrgency,
  type DeskFacts,
} from './desk-causes.ts';

const at = Date.parse('2026-11-21T09:00:00.000Z');

interface Case {
  readonly kind?: EntryKind;
  readonly senderId?: string;
  readonly support?: Partial<SupportStateView>;
  readonly content?: EntryContent;
  readonly now?: Partial<SupportState>;
  readonly facts?: Partial<DeskFacts>;
}

function factsOf({ kind = statusKind, senderId = 'boss', support, content, now = {}, facts = {} }: Case): DeskFacts {
  const entry: LogEntry = {
    ...{ seq: 5, entryId: 'e', kind, senderId, clientMessageId: 'c', createdAt: at, target: undefined },
    ...{ deliversAgain: false, digest: new Uint8Array(), content: new Uint8Array(), origin: undefined },
    ...{ state: { count: 0, revision: 5 }, hash: new Uint8Array(), changes: { updatedSeq: 5, reactions: {} } },
    ...(support === undefined ? {} : { support: { status: 'waiting', priority: 'medium', ...support } }),
  };
  const state: SupportState = {
    ...{ status: 'waiting', priority: 'medium', customerId: 'customer', tags: [], openedAt: at, clocks: {} },
    ...now,
  };
  const item: SupportConversation = {
    ...{ kind: 'support', createdBy: 'customer', revision: 5, createdAt: at, revisedAt: at, assignments: [] },
    participants: {
      customer: { role: 'member', joinedSeq: 0, joinedCount: 0, joinedRevision: 1, joinedAt: at },
    },
    support: state,
    sealed: { revision: 1, value: new Uint8Array() },
  };
  return {
    entry,
    content: content as DeskFacts['content'],
    item,
    agents: [
      { userId: 'amina', role: 'agent', teams: ['billing'], isAvailable: true },
      { userId: 'bela', role: 'agent', teams: [], isAvailable: false },
      { userId: 'boss', role: 'admin', teams: [], isAvailable: false },
    ],
    onCallIds: ['bela'],
    hasAgentToAssign: false,
    ...facts,
  };
}

const causesIn = (found: ReturnType<typeof causesOfMessage>) => found.map(({ cause }) => cause);
const text: EntryContent = { type: 'text', text: 'Hello' };
const urgency = { raisedAt: '2026-11-21T09:00:00.000Z', seq: 5 };

describe('a message', () => {
  it('concerns the agent if the customer wrote it, and the customer otherwise', () => {
    const now = { status: 'active', assigneeId: 'amina' } as const;
    const shared = { kind: messageKind, content: text, now, facts: { customerId: 'customer' } };
    expect(causesIn(causesOfMessage(factsOf({ ...shared, senderId: 'customer' })))).toMatchObject([
      { type: 'message', assigneeId: 'amina' },
    ]);
    expect(causesIn(causesOfMessage(factsOf({ ...shared, senderId: 'amina' })))).toMatchObject([
      { type: 'message', customerId: 'customer' },
    ]);
    expect(causesOfMessage(factsOf({ ...shared, senderId: systemUserId }))).toEqual([]);
  });

  it('makes the conversation wait if it reopens it, and not if it waits already', () => {
    const reopening = { kind: messageKind, senderId: 'customer', content: text };
    const waitingSince = '2026-11-21T09:00:00.000Z';
    expect(causesIn(causesOfMessage(factsOf({ ...reopening, support: { waitingSince } })))).toContainEqual({
      ...{ type: 'waiting', agentIds: ['amina'] },
    });
    const earlier = { waitingSince: '2026-11-21T08:00:00.000Z' };
    expect(causesIn(causesOfMessage(factsOf({ ...reopening, support: earlier })))).toHaveLength(1);
  });

  it('leaves the agent to the event of the urgency if it is urgent', () => {
    const urgent = { kind: messageKind, senderId: 'customer', content: text, support: { urgency } };
    expect(causesIn(causesOfMessage(factsOf({ ...urgent, now: { assigneeId: 'amina' } })))).toEqual([
      { type: 'message', senderId: 'customer', mentionedIds: [] },
    ]);
  });
});

describe('a status', () => {
  it('notifies of a waiting conversation only while no agent has it or is about to get it', () => {
    const waiting = { type: 'waiting', agentIds: ['amina'] };
    expect(causesIn(causesOfStatus(factsOf({ support: {} })))).toEqual([waiting]);
    expect(causesOfStatus(factsOf({ support: {}, facts: { hasAgentToAssign: true } }))).toEqual([]);
    expect(causesOfStatus(factsOf({ support: {}, now: { status: 'active' } }))).toEqual([]);
    expect(causesOfStatus(factsOf({ support: { urgency } }))).toEqual([]);
  });

  it('names no actor if the service closed the conversation', () => {
    const closed = { support: { status: 'closed', assigneeId: 'amina' }, senderId: systemUserId } as const;
    expect(causesIn(causesOfStatus(factsOf(closed)))).toEqual([{ type: 'closed', assigneeId: 'amina' }]);
  });
});

describe('an assignment', () => {
  const content = (kind: 'assigned' | 'unassigned' | 'transferred', fromId?: string): EntryContent => ({
    type: 'system',
    system: { kind },
    decision: { rule: 'by-hand', considered: [], ...(fromId === undefined ? {} : { fromId }) },
  });

  it('names the agents before and after', () => {
    const taken = { kind: assignmentKind, content: content('transferred', 'bela'), support: { assigneeId: 'amina' } };
    const [cause] = causesOfAssignment(factsOf({ ...taken, now: { status: 'active' } }));
    expect(cause).toMatchObject({
      cause: { type: 'transferred', fromId: 'bela', toId: 'amina', actorId: 'boss', teamAgentIds: [] },
      data: { fromId: 'bela', toId: 'amina' },
    });
  });

  it('concerns the available agents of a team to which the conversation is transferred', () => {
    const toTeam = { kind: assignmentKind, content: content('transferred', 'bela'), support: { teamId: 'billing' } };
    expect(causesIn(causesOfAssignment(factsOf(toTeam)))).toMatchObject([{ teamAgentIds: ['amina'] }]);
    const taken = factsOf({ ...toTeam, now: { status: 'active' } });
    expect(causesIn(causesOfAssignment(taken))).toMatchObject([{ teamAgentIds: [] }]);
  });

  it('causes nothing after the content was deleted', () => {
    expect(causesOfAssignment(factsOf({ kind: assignmentKind, support: { assigneeId: 'amina' } }))).toEqual([]);
  });
});

describe('a step of the escalation', () => {
  const raised = { raisedAt: at, seq: 5, step: 1 };
  const step = { urgentSeq: 5, step: 1, groups: ['team'] as const };

  it('alerts available agents first, and then everyone in the groups', () => {
    const facts = factsOf({ senderId: 'customer', support: { urgency }, now: { urgency: raised, teamId: 'billing' } });
    expect(causesIn(causesOfUrgency(facts, step))).toMatchObject([{ senderId: 'customer', agentIds: ['amina'] }]);
    const later = { ...facts, entry: { ...facts.entry, seq: 9 } };
    expect(causesIn(causesOfUrgency(later, { ...step, groups: ['admins'] }))).toMatchObject([{ agentIds: ['boss'] }]);
    expect(causesIn(causesOfUrgency(later, { ...step, groups: ['agents'] }))).toMatchObject([
      { agentIds: ['amina', 'bela', 'boss'] },
    ]);
    expect(causesIn(causesOfUrgency(later, { ...step, groups: ['on-call'] }))).toMatchObject([{ agentIds: ['bela'] }]);
  });

  it('alerts the people on call with the first alert if the first step names them', () => {
    const facts = factsOf({ senderId: 'customer', support: { urgency }, now: { urgency: raised } });
    const causes = causesOfUrgency(facts, { ...step, groups: ['team', 'on-call'] });
    expect(causesIn(causes)).toMatchObject([{ agentIds: ['amina', 'bela'] }]);
  });

  it('alerts no one after the acknowledgement or for an earlier urgency', () => {
    const acknowledged = { ...raised, acknowledgedAt: at };
    expect(causesOfUrgency(factsOf({ now: { urgency: acknowledged } }), step)).toEqual([]);
    expect(causesOfUrgency(factsOf({ now: { urgency: { ...raised, seq: 8 } } }), step)).toEqual([]);
  });
});

it('names the clock and the end of its time', () => {
  const content: EntryContent = { type: 'system', system: { kind: 'sla-breach', metric: 'resolution' } };
  const sla = { metric: 'resolution', state: 'breached', dueAt: '2026-11-21T08:59:00.000Z' } as const;
  const facts = factsOf({ kind: slaKind, content, support: { sla }, now: { assigneeId: 'bela' } });
  expect(causesOfSla(facts)).toEqual([
    {
      cause: { type: 'sla-breached', metric: 'resolution', assigneeId: 'bela', agentIds: ['amina'] },
      data: { metric: 'resolution', dueAt: sla.dueAt },
    },
  ]);
});
