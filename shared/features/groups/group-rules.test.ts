import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConversationItem, firstVisible, memberOf } from '../log/conversation-item.ts';
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

function group(...people: string[]): ConversationItem {
  return newGroup(people, 'full', at(1, 1));
}

type AnyDecision = GroupDecision<'full' | 'no-such-member'>;

/** The group after a decision, which is one entry further. */
function after(item: ConversationItem, decision: AnyDecision, seq = item.revision + 1): ConversationItem {
  if (decision.kind !== 'change') return item;
  return withGroupChange(item, decision.change, at(seq, item.revision + 1, seq));
}

const adminsOf = (item: ConversationItem) => Object.keys(item.members).filter((one) => item.members[one]?.r === 'a');

describe('a group', () => {
  it('begins with its creator as admin, and everybody there from the start', () => {
    const item = group('ann', 'bea');
    expect(item.members).toEqual({
      ann: { r: 'a', q: 0, n: 0, v: 1, t: 1001 },
      bea: { r: 'm', q: 0, n: 0, v: 1, t: 1001 },
    });
    expect(item).toMatchObject({ revision: 1, createdBy: 'ann', history: 'full' });
  });

  it('says of newcomers when they came, and of who left, that they did; the next change no longer', () => {
    const joined = after(group('ann'), decideAddition(group('ann'), 'ann', ['bea'], 'member', 500), 7);
    expect(joined.members['bea']).toEqual({ r: 'm', q: 7, n: 7, v: 2, t: 1007 });
    const left = after(joined, decideRemoval(joined, 'bea', 'bea'), 8);
    expect(left).toMatchObject({ left: ['bea'], revision: 3, revisedAt: 1008 });
    expect(memberOf(left, 'bea')).toBeUndefined();
    const renamed = after(left, decideProperties(left, 'ann', { history: 'since-joining' }, 'Crew'), 9);
    expect(renamed).not.toHaveProperty('left');
    expect(renamed).toMatchObject({ history: 'since-joining', revision: 4 });
  });

  it('shows who came with its history since joining the system message of the coming, and nothing before', () => {
    const item: ConversationItem = { ...group('ann'), history: 'since-joining' };
    const joined = after(item, decideAddition(item, 'ann', ['bea'], 'member', 500), 7);
    const bea = memberOf(joined, 'bea');
    const ann = memberOf(joined, 'ann');
    expect(bea && firstVisible(joined, bea)).toBe(7);
    expect(ann && firstVisible(joined, ann)).toBe(1);
  });

  it('is changed by its admins only', () => {
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

  it('is none of two people’s conversations', () => {
    const direct: ConversationItem = { ...group('ann', 'bea'), kind: 'direct' };
    const decisions = [
      decideAddition(direct, 'ann', ['cid'], 'member', 500),
      decideRemoval(direct, 'ann', 'ann'),
      decideRole(direct, 'ann', 'bea', 'admin'),
      decideProperties(direct, 'ann', { name: 'Us' }, undefined),
    ];
    expect(decisions.map(({ kind }) => kind)).toEqual(decisions.map(() => 'not-a-group'));
  });

  it('takes people up to its size, and counts none twice', () => {
    const item = group('ann', 'bea');
    expect(decideAddition(item, 'ann', ['cid', 'cid', 'bea'], 'member', 3).kind).toBe('change');
    expect(decideAddition(item, 'ann', ['cid', 'dan'], 'member', 3).kind).toBe('full');
    // Whoever is in already is no matter of size.
    expect(decideAddition(item, 'ann', ['bea'], 'member', 1).kind).toBe('same');
  });

  it('writes nothing where it is so already', () => {
    const item = group('ann', 'bea');
    const decisions = [
      decideAddition(item, 'ann', ['bea'], 'admin', 500),
      decideRemoval(item, 'ann', 'cid'),
      decideRole(item, 'ann', 'bea', 'member'),
      decideProperties(item, 'ann', { name: 'Crew', history: 'full' }, 'Crew'),
    ];
    expect(decisions.map(({ kind }) => kind)).toEqual(decisions.map(() => 'same'));
  });

  it('passes from its last admin to the longest-standing of the others', () => {
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

  it('leaves who is alone in it an admin', () => {
    expect(decideRole(group('ann'), 'ann', 'ann', 'member').kind).toBe('same');
    expect(after(group('ann'), decideRemoval(group('ann'), 'ann', 'ann')).members).toEqual({});
  });

  it('always has an admin while anybody is in it, and no more people than it takes, whoever does what', () => {
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
        for (const one of steps) {
          const decision: AnyDecision =
            one.what === 'add'
              ? decideAddition(item, one.actor, one.people, one.role, size)
              : one.what === 'remove'
                ? decideRemoval(item, one.actor, one.user)
                : decideRole(item, one.actor, one.user, one.role);
          const before = item;
          item = after(item, decision);
          const people = Object.keys(item.members);
          expect(people.length).toBeLessThanOrEqual(size);
          if (people.length > 0) expect(adminsOf(item).length).toBeGreaterThan(0);
          // Nobody who takes no part changes anything, and nobody comes or goes unsaid.
          if (memberOf(before, one.actor) === undefined) expect(item).toBe(before);
          const came = people.filter((userId) => memberOf(before, userId) === undefined);
          expect(came.every((userId) => item.members[userId]?.v === item.revision)).toBe(true);
          const went = Object.keys(before.members).filter((userId) => memberOf(item, userId) === undefined);
          expect(item === before ? [] : (item.left ?? [])).toEqual(went);
        }
      }),
    );
  });
});
