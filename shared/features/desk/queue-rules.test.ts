import { describe, expect, it } from 'vitest';
import type { SupportState } from '../log/support-state.ts';
import { countedAs, placesOf, positionOf, queues } from './queue-rules.ts';

const waiting: SupportState = {
  status: 'waiting',
  priority: 'medium',
  customerId: 'guest',
  tags: ['billing'],
  openedAt: 1000,
  waitingSince: 1000,
  clocks: {},
};
const active: SupportState = { ...waiting, status: 'active', assigneeId: 'amina' };
const dueAt = (at: number) => ({
  'first-response': { startedAt: 0, targetMinutes: 1, usedMs: 0, since: 0, dueAt: at },
});

function sorted(states: Readonly<Record<string, SupportState>>): readonly string[] {
  const positions = Object.entries(states).map(([name, state]) => ({ name, position: positionOf(name, state) }));
  return positions.toSorted((one, other) => (one.position < other.position ? -1 : 1)).map(({ name }) => name);
}

describe('the position in a list', () => {
  it('puts urgent conversations first, then those whose answer is due first, then those that wait longest', () => {
    const order = sorted({
      unhurried: { ...waiting, clocks: dueAt(9000) },
      newer: { ...waiting, waitingSince: 2000, clocks: dueAt(5000) },
      older: { ...waiting, waitingSince: 1500, clocks: dueAt(5000) },
      urgent: { ...waiting, priority: 'urgent', clocks: dueAt(9999) },
      answered: { ...active, waitingSince: undefined as never, clocks: {} },
    });
    expect(order).toEqual(['urgent', 'older', 'newer', 'unhurried', 'answered']);
  });

  it('puts the conversation first that ended last', () => {
    const ended = (closedAt: number): SupportState => ({ ...waiting, status: 'closed', closedAt });
    expect(sorted({ first: ended(10), last: ended(30), second: ended(20) })).toEqual(['last', 'second', 'first']);
  });
});

describe('placesOf', () => {
  const listsOf = (state: SupportState) => placesOf('c', state).map(({ queue }) => queue);

  it('lists a conversation by team and tag, and an active one by agent', () => {
    expect(listsOf(waiting)).toEqual([queues.ofTeam(undefined, 'waiting'), queues.ofTag('billing')]);
    expect(listsOf({ ...active, teamId: 'night' })).toEqual([
      queues.ofTeam('night', 'active'),
      queues.ofAgent('amina'),
      queues.ofTag('billing'),
    ]);
  });

  it('lists a conversation that has ended neither by agent nor by tag', () => {
    expect(listsOf({ ...active, status: 'resolved', resolvedAt: 1 })).toEqual([queues.ofTeam(undefined, 'resolved')]);
  });

  it('lists and counts no archived conversation', () => {
    const archived: SupportState = { ...waiting, archived: true };
    expect(listsOf(archived)).toEqual([]);
    expect(countedAs(archived)).toBeUndefined();
    expect(countedAs(waiting)).toEqual({ teamId: undefined, name: 'waiting:medium' });
  });
});
