import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { withChange } from '../log/change-rules.ts';
import { deletionKind, editKind, type EntryContent, reactionKind } from '../log/entry-kinds.ts';
import { type LogOwner, sealContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { entryOf } from '../log/log-test-builders.ts';
import { contentOf, messageOf } from './message-view.ts';

const keys = newTenantKeys();
const scope = TenantScope.fromEnvelope({ tenantId: ulid() });
const conversationId = ulid();
const owner: LogOwner = { keys, scope, conversationId };

function saying(content: EntryContent, entry: Partial<LogEntry> & Pick<LogEntry, 'seq'>): LogEntry {
  return entryOf({ ...entry, content: sealContent(owner, entryOf(entry), content) });
}

const message = saying({ type: 'text', text: 'secret word', mentions: ['bob'] }, { seq: 1 });
const newText = { type: 'edit', text: 'secret phrase' } as const;
const edit = saying(newText, { seq: 2, kind: editKind, target: 1 });
const reaction = entryOf({ seq: 3, kind: reactionKind, target: 1, senderId: 'bob' });
const thumb = { type: 'reaction', emoji: '👍', added: true } as const;
const deletion = entryOf({ seq: 4, kind: deletionKind, target: 1 });
const view = (entry: LogEntry) => messageOf(owner, entry);

describe('a message', () => {
  it('has the text of its newest edit and its other original members', () => {
    expect(view(message)).toMatchObject({ text: 'secret word', mentions: ['bob'], updatedSeq: 1 });
    const edited = withChange(message, edit, newText);
    expect(view(edited)).toMatchObject({ text: 'secret phrase', mentions: ['bob'], updatedSeq: 2 });
    expect(view(edited).editedAt).toBe(new Date(edit.createdAt).toISOString());
  });

  it('lists its reactions in the order of emojis', () => {
    const reactions = { '👍': ['bob'], '🎉': ['carol', 'bob'] };
    expect(view({ ...message, changes: { ...message.changes, reactions } }).reactions).toEqual([
      { emoji: '🎉', userIds: ['carol', 'bob'] },
      { emoji: '👍', userIds: ['bob'] },
    ]);
  });

  it('shows none of its content after its deletion', () => {
    const changed = withChange(withChange(message, edit, newText), reaction, thumb);
    const tombstone = view(withChange(changed, deletion, { type: 'deletion' }));
    expect(JSON.stringify(tombstone)).not.toContain('secret');
    expect(tombstone).not.toHaveProperty('reactions');
    expect(tombstone).toMatchObject({ seq: 1, type: 'text', updatedSeq: 4 });
    expect(tombstone.deletedAt).toBe(new Date(deletion.createdAt).toISOString());
    expect(contentOf(owner, withChange(changed, deletion, { type: 'deletion' }))).toBeUndefined();
  });
});
