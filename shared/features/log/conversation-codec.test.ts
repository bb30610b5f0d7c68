import { describe, expect, it } from 'vitest';
import { fromStoredConversation, toStoredConversation } from './conversation-codec.ts';
import { type ConversationItem, directConversation } from './conversation-item.ts';

const value = new Uint8Array([1, 2, 3]);
const group: ConversationItem = {
  kind: 'group',
  participants: {
    ann: { role: 'admin', joinedSeq: 0, joinedCount: 0, joinedRevision: 1, joinedAt: 1000 },
    bea: { role: 'member', joinedSeq: 7, joinedCount: 5, joinedRevision: 2, joinedAt: 2000 },
  },
  revision: 3,
  createdBy: 'ann',
  createdAt: 1000,
  name: { revision: 1, value },
  history: 'since-joining',
  left: ['cid'],
  revisedAt: 3000,
};

describe('the codec of conversations', () => {
  it('stores participants under names of one letter', () => {
    expect(toStoredConversation(group)).toEqual({
      kind: 'group',
      members: { ann: { r: 'a', q: 0, n: 0, v: 1, t: 1000 }, bea: { r: 'm', q: 7, n: 5, v: 2, t: 2000 } },
      revision: 3,
      createdBy: 'ann',
      createdAt: 1000,
      name: { revision: 1, value },
      history: 'since-joining',
      left: ['cid'],
      revisedAt: 3000,
    });
  });

  it.each<[string, ConversationItem]>([
    ['a group', group],
    ['a group that no one left', { ...group, left: [] }],
    ['a direct conversation', { ...directConversation(['ann', 'bea'], 1000), createdBy: 'ann' }],
  ])('restores %s', (_, item) => {
    expect(fromStoredConversation(toStoredConversation(item))).toEqual(item);
  });
});
