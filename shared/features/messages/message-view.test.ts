import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type EntryContent, sealContent } from '../log/log-content.ts';
import { withChange } from '../log/change-rules.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { entryOf } from '../log/log-test-builders.ts';
import { contentOf, messageOf } from './message-view.ts';

const keys: TenantKeys = {
  version: 1,
  encryption: randomBytes(32),
  digest: randomBytes(32),
  chain: randomBytes(32),
  lookup: randomBytes(32),
};
const scope = TenantScope.fromEnvelope({ tenantId: ulid() });
const conversationId = ulid();

function saying(content: EntryContent, entry: Partial<LogEntry> & Pick<LogEntry, 'seq'>): LogEntry {
  return entryOf({ ...entry, content: sealContent(keys, scope, conversationId, entryOf(entry), content) });
}

const message = saying({ type: 'text', text: 'secret word', mentions: ['bob'] }, { seq: 1 });
const edit = saying({ type: 'edit', text: 'secret phrase' }, { seq: 2, kind: 'edit', target: 1 });
const reaction = entryOf({ seq: 3, kind: 'reaction', target: 1, senderId: 'bob' });
const deletion = entryOf({ seq: 4, kind: 'deletion', target: 1 });
const view = (entry: LogEntry) => messageOf(keys, scope, conversationId, entry);

describe('a message', () => {
  it('says what its newest edit says, and the rest of what it said', () => {
    expect(view(message)).toMatchObject({ text: 'secret word', mentions: ['bob'], updatedSeq: 1 });
    const edited = withChange(message, edit);
    expect(view(edited)).toMatchObject({ text: 'secret phrase', mentions: ['bob'], updatedSeq: 2 });
    expect(view(edited).editedAt).toBe(new Date(edit.createdAt).toISOString());
  });

  it('tells its reactions in one order', () => {
    const reactions = { '👍': ['bob'], '🎉': ['carol', 'bob'] };
    expect(view(withChange(message, reaction, reactions)).reactions).toEqual([
      { emoji: '🎉', userIds: ['carol', 'bob'] },
      { emoji: '👍', userIds: ['bob'] },
    ]);
  });

  it('that was deleted says nothing of what it ever said', () => {
    const changed = withChange(withChange(message, edit), reaction, { '👍': ['bob'] });
    const tombstone = view(withChange(changed, deletion));
    expect(JSON.stringify(tombstone)).not.toContain('secret');
    expect(tombstone).not.toHaveProperty('reactions');
    expect(tombstone).toMatchObject({ seq: 1, type: 'text', updatedSeq: 4 });
    expect(tombstone.deletedAt).toBe(new Date(deletion.createdAt).toISOString());
    expect(contentOf(keys, scope, conversationId, withChange(changed, deletion))).toBeUndefined();
  });
});
