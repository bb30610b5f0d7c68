import { describe, expect, it } from 'vitest';
import { accessTo, isVisible } from './access.ts';
import { directConversation, type GroupConversation, type Participant } from './conversation-item.ts';
import { editKind, messageKind } from './entry-kinds.ts';

const since = (joinedSeq: number, role: Participant['role'] = 'member'): Participant => ({
  role,
  joinedSeq,
  joinedCount: joinedSeq,
  joinedRevision: 1,
  joinedAt: 0,
});
const group: GroupConversation = {
  kind: 'group',
  participants: { ann: since(0, 'admin'), bea: since(7) },
  revision: 2,
  createdBy: 'ann',
  createdAt: 0,
  name: { revision: 1, value: new Uint8Array() },
  history: 'full',
  left: [],
  revisedAt: 0,
};
const direct = directConversation(['ann', 'bea'], 0);
const limited: GroupConversation = { ...group, history: 'since-joining' };

describe('accessTo', () => {
  it('returns undefined for a user who is not a participant', () => {
    expect(accessTo(group, { userId: 'eve' })).toBeUndefined();
    expect(accessTo(direct, { userId: 'eve' })).toBeUndefined();
    expect(accessTo(group, { userId: 'constructor' })).toBeUndefined();
  });

  it('allows only admins of groups to manage, and every participant to write', () => {
    expect(accessTo(group, { userId: 'ann' })).toMatchObject({ role: 'admin', canWrite: true, canManage: true });
    expect(accessTo(group, { userId: 'bea' })).toMatchObject({ role: 'member', canWrite: true, canManage: false });
    expect(accessTo(direct, { userId: 'ann' })).toMatchObject({ role: 'member', canWrite: true, canManage: false });
  });

  it('shows newcomers the whole log unless its history is limited to the time since they joined', () => {
    expect(accessTo(group, { userId: 'bea' })?.visibleFrom).toBe(1);
    expect(accessTo(limited, { userId: 'bea' })?.visibleFrom).toBe(7);
    expect(accessTo(limited, { userId: 'ann' })?.visibleFrom).toBe(1);
  });

  it('returns the position at which the user joined', () => {
    expect(accessTo(group, { userId: 'bea' })?.joined).toEqual({ seq: 7, count: 7 });
  });
});

describe('isVisible', () => {
  const reader = { visibleFrom: 5, audiences: ['everyone'] } as const;
  const entry = (seq: number, target?: number) => ({
    seq,
    kind: target === undefined ? messageKind : editKind,
    target,
  });

  it('includes the first visible entry and excludes the one before it', () => {
    expect(isVisible(entry(5), reader)).toBe(true);
    expect(isVisible(entry(4), reader)).toBe(false);
  });

  it('excludes changes of messages that are not visible', () => {
    expect(isVisible(entry(9, 5), reader)).toBe(true);
    expect(isVisible(entry(9, 4), reader)).toBe(false);
  });

  it('excludes entries for another audience, and their changes', () => {
    const note = { ...messageKind, audience: 'agents' } as const;
    expect(isVisible({ ...entry(6), kind: note }, reader)).toBe(false);
    expect(isVisible(entry(9, 6), reader, { kind: note })).toBe(false);
    const agent = { ...reader, audiences: ['everyone', 'agents'] } as const;
    expect(isVisible({ ...entry(6), kind: note }, agent)).toBe(true);
  });
});
