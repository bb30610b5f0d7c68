import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessTo } from '../log/access.ts';
import { type GroupConversation, isParticipant } from '../log/conversation-item.ts';
import {
  decideAddition,
  decideProperties,
  decideRemoval,
  decideRole,
  type GroupDecision,
  newGroup,
  withGroupChange,
} from './group-rules.ts';

const at = (seq: number, revision: number, count = 0) => ({ seq, createdAt: 1000 + seq, state: { count, revision } });

function group(...people: string[]): GroupConversation {
  return { ...newGroup(people, 'full', at(1, 1)), name: { revision: 1, value: new Uint8Array() } };
}

type AnyDecision = GroupDecision<'full' | 'no-such-participant'>;

function after(item: GroupConversation, decision: AnyDecision, seq = item.revision + 1): GroupConversation {
  if (decision.kind !== 'change') return item;
  return withGroupChange(item, decision.change, at(seq, item.revision + 1, seq));
}

const adminsOf = ({ participants }: GroupConversation) =>
  Object.keys(participants).filter((userId) => participants[userId]?.role === 'admin');

describe('a group', () => {
  it('begins with its creator as admin and all people as first participants', () => {
    const item = group('ann', 'bea');
    expect(item.participants).toEqual({
      ann: { role: 'admin', joinedSeq: 0, joinedCount: 0, joinedRevision: 1, joinedAt: 1001 },
      bea: { role: 'member', joinedSeq: 0, joinedCount: 0, joinedRevision: 1, joinedAt: 1001 },
    });
    expect(item).toMatchObject({ revision: 1, createdBy: 'ann', history: 'full' });
  });

  it('records when newcomers joined, and which participants left with the last change', () => {
    const joined = after(group('ann'), decideAddition(group('ann'), 'ann', ['bea'], 'member', 500), 7);
    expect(joined.participants['bea']).toEqual({
      role: 'member',
      joinedSeq: 7,
      joinedCount: 7,
      joinedRevision: 2,
      joinedAt: 1007,
    });
    const left = after(joined, decideRemoval(joined, 'bea', 'bea'), 8);
    expect(left).toMatchObject({ left: ['bea'], revision: 3, revisedAt: 1008 });
    expect(isParticipant(left, 'bea')).toBe(false);
    const renamed = after(left, decideProperties(left, 'ann', { history: 'since-joining' }, 'Crew'), 9);
    expect(renamed.left).toEqual([]);
    expect(renamed).toMatchObject({ history: 'since-joining', revision: 4 });
  });

  it('shows newcomers the log from the system message with which they joined', () => {
    const item: GroupConversation = { ...group('ann'), history: 'since-joining' };
    const joined = after(item, decideAddition(item, 'ann', ['bea'], 'member', 500), 7);
    expect(accessTo(joined, { userId: 'bea' })?.visibleFrom).toBe(7);
    expect(accessTo(joined, { userId: 'ann' })?.visibleFrom).toBe(1);
  });

  it('accepts changes by its admins only', () => {
    const item = group('ann', 'bea');
    for (const actor of ['bea', 'eve', '__proto__', 'constructor']) {
      const decisions = [
        decideAddition(item, actor, ['cid'], 'member', 500),
        decideRemoval(item, actor, 'ann'),
        decideRole(item, actor, 'bea', 'admin'),
        decideProperties(item, actor, { name: 'Mine' }, 'Crew'),
      ];
      expect(decisions.map(({ kind }) => kind)).toEqual(decisions.map(() => 'not-admin'));
    }
    expect(decideRemoval(item, 'bea', 'bea').kind).toBe('change');
  });

  it('accepts people up to its size, and counts no one twice', () => {
    const item = group('ann', 'bea');
    expect(decideAddition(item, 'ann', ['cid', 'cid', 'bea'], 'member', 3).kind).toBe('change');
    expect(decideAddition(item, 'ann', ['cid', 'dan'], 'member', 3).kind).toBe('full');
    expect(decideAddition(item, 'ann', ['bea'], 'member', 1).kind).toBe('same');
  });

  it('decides on no change when the group is in the requested state', () => {
    const item = group('ann', 'bea');
    const decisions = [
      decideAddition(item, 'ann', ['bea'], 'admin', 500),
      decideRemoval(item, 'ann', 'cid'),
      decideRole(item, 'ann', 'bea', 'member'),
      decideProperties(item, 'ann', { name: 'Crew', history: 'full' }, 'Crew'),
    ];
    expect(decisions.map(({ kind }) => kind)).toEqual(decisions.map(() => 'same'));
  });

  it('makes the participant who joined first an admin when its last admin leaves or becomes a member', () => {
    const cid = after(group('ann'), decideAddition(group('ann'), 'ann', ['cid'], 'member', 500));
    const item = after(cid, decideAddition(cid, 'ann', ['bea'], 'member', 500));
    for (const decision of [decideRemoval(item, 'ann', 'ann'), decideRole(item, 'ann', 'ann', 'member')]) {
      expect(decision).toMatchObject({ kind: 'change', change: { system: { successorId: 'cid' } } });
      expect(adminsOf(after(item, decision))).toEqual(['cid']);
    }
    const both = after(item, decideRole(item, 'ann', 'bea', 'admin'));
    expect(decideRemoval(both, 'ann', 'ann')).toMatchObject({ change: { system: { kind: 'left', userIds: ['ann'] } } });
    expect(adminsOf(after(both, decideRemoval(both, 'ann', 'ann')))).toEqual(['bea']);
  });

  it('keeps its only participant as admin', () => {
    expect(decideRole(group('ann'), 'ann', 'ann', 'member').kind).toBe('same');
    expect(after(group('ann'), decideRemoval(group('ann'), 'ann', 'ann')).participants).toEqual({});
  });

  it('always has an admin while it has participants, and never exceeds its size', () => {
    const person = fc.constantFrom('ann', 'bea', 'cid', 'dan', 'eve');
    const role = fc.constantFrom('admin' as const, 'member' as const);
    const size = 4;
    const step = fc.oneof(
      fc.record({ what: fc.constant('add' as const), actor: person, people: fc.array(person, { maxLength: 5 }), role }),
      fc.record({ what: fc.constant('remove' as const), actor: person, user: person }),
      fc.record({ what: fc.constant('role' as const), actor: person, user: person, role }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let item = group('ann', 'bea');
        for (const action of steps) {
          const decision: AnyDecision =
            action.what === 'add'
              ? decideAddition(item, action.actor, action.people, action.role, size)
              : action.what === 'remove'
                ? decideRemoval(item, action.actor, action.user)
                : decideRole(item, action.actor, action.user, action.role);
          const before = item;
          item = after(item, decision);
          const people = Object.keys(item.participants);
          expect(people.length).toBeLessThanOrEqual(size);
          if (people.length > 0) expect(adminsOf(item).length).toBeGreaterThan(0);
          if (!isParticipant(before, action.actor)) expect(item).toBe(before);
          const came = people.filter((userId) => !isParticipant(before, userId));
          expect(came.every((userId) => item.participants[userId]?.joinedRevision === item.revision)).toBe(true);
          const went = Object.keys(before.participants).filter((userId) => !isParticipant(item, userId));
          expect(item === before ? [] : item.left).toEqual(went);
        }
      }),
    );
  });
});
