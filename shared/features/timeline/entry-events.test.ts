import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Visibility } from '../log/access.ts';
import { withChange } from '../log/change-rules.ts';
import { defineEntryKind } from '../log/define-entry-kind.ts';
import { editKind, type EntryContent, type MessageContent, reactionKind, unknownKind } from '../log/entry-kinds.ts';
import { type LogOwner, sealContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { entryOf } from '../log/log-test-builders.ts';
import { eventFor, eventOf } from './entry-events.ts';

const owner: LogOwner = {
  keys: newTenantKeys(),
  scope: TenantScope.fromEnvelope({ tenantId: ulid() }),
  conversationId: ulid(),
};
const guest: Visibility = { visibleFrom: 1, audiences: ['everyone'] };
const agent: Visibility = { visibleFrom: 1, audiences: ['everyone', 'agents'] };

const noteKind = defineEntryKind<MessageContent>({
  name: 'note',
  letter: 'N',
  audience: 'agents',
  isShown: true,
  isMessage: true,
  countsAsUnread: true,
  serverEvent: { type: 'message.created' },
});

function sealed(entry: Partial<LogEntry> & Pick<LogEntry, 'seq'>, content: EntryContent): LogEntry {
  return entryOf({ ...entry, content: sealContent(owner, entryOf(entry), content) });
}

const message = sealed({ seq: 1 }, { type: 'text', text: 'for everyone' });
const note = sealed({ seq: 2, kind: noteKind }, { type: 'text', text: 'for agents' });
const newText = { type: 'edit', text: 'still for agents' } as const;
const editOfNote = sealed({ seq: 3, kind: editKind, target: 2 }, newText);

describe('eventFor', () => {
  it('returns the entry to readers of its audience', () => {
    expect(eventFor(owner, note, undefined, agent)).toMatchObject({
      type: 'message.created',
      seq: 2,
      data: { text: 'for agents' },
    });
  });

  it('returns an opaque entry with the same number to other readers', () => {
    const event = eventFor(owner, note, undefined, guest);
    expect(event).toMatchObject({ type: 'entry.hidden', seq: 2, data: {} });
    expect(JSON.stringify(event)).not.toContain('agents');
  });

  it('hides a change of an entry from readers outside the audience of that entry', () => {
    const edited = withChange(note, editOfNote, newText);
    expect(eventFor(owner, editOfNote, edited, agent)).toMatchObject({ type: 'message.updated', seq: 3 });
    expect(eventFor(owner, editOfNote, edited, guest)).toMatchObject({ type: 'entry.hidden', seq: 3, data: {} });
  });

  it('hides a change of a message from before the first visible entry', () => {
    const edit = sealed({ seq: 4, kind: editKind, target: 1 }, { type: 'edit', text: 'better' });
    const event = eventFor(owner, edit, withChange(message, edit, newText), { ...guest, visibleFrom: 2 });
    expect(event).toMatchObject({ type: 'entry.hidden', seq: 4, data: {} });
  });
});

describe('eventOf', () => {
  it('describes a reaction with all reactions of its message', () => {
    const content = { type: 'reaction', emoji: '👍', added: true } as const;
    const reaction = sealed({ seq: 5, kind: reactionKind, target: 1, senderId: 'bob' }, content);
    expect(eventOf(owner, reaction, withChange(message, reaction, content))).toMatchObject({
      type: 'reaction.updated',
      seq: 5,
      data: { messageSeq: 1, userId: 'bob', emoji: '👍', added: true, reactions: [{ emoji: '👍', userIds: ['bob'] }] },
    });
  });

  it('returns an opaque entry for an entry of newer code', () => {
    expect(eventOf(owner, entryOf({ seq: 6, kind: unknownKind }))).toMatchObject({ type: 'entry.hidden', seq: 6 });
  });

  it('throws when the changed message is missing', () => {
    expect(() => eventOf(owner, editOfNote)).toThrow('No message');
  });
});
