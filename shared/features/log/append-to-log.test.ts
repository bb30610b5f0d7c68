import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { appendToLog, type LogStorage } from './append-to-log.ts';
import { editKind } from './entry-kinds.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogOwner } from './log-content.ts';
import { commandOf, entryOf, tailOf } from './log-test-builders.ts';

const at = Date.now();
const keys = newTenantKeys();

function storageOf(log: readonly LogEntry[]) {
  const written: LogEntry[] = [];
  const tried: number[] = [];
  const storage: LogStorage = {
    readForward: (_owner, after, limit) =>
      Promise.resolve([...log, ...written].filter(({ seq }) => seq > after).slice(0, limit)),
    searchBack: () => {
      throw new Error('The tail reaches back far enough');
    },
    putEntry: (_owner, entry) => {
      tried.push(entry.seq);
      const taken = [...log, ...written].find(({ seq }) => seq === entry.seq);
      if (taken === undefined) written.push(entry);
      return Promise.resolve(taken === undefined ? { written: true } : { written: false, taken });
    },
  };
  const scope = TenantScope.fromEnvelope({ tenantId: ulid() });
  const owner: LogOwner = { scope, conversationId: ulid(), keys };
  return { owner, storage, written, tried };
}

const log = [1, 2, 3].map((seq) => entryOf({ seq, createdAt: at - 1000 + seq }));
const content = { type: 'text', text: 'hello' } as const;

describe('appendToLog, from a tail without the newest entries,', () => {
  it('writes the slot after the newest entry', async () => {
    const { owner, storage, written } = storageOf(log);
    const request = { command: commandOf({ claimedAt: at }), content, origin: undefined };
    const { outcome } = await appendToLog(owner, tailOf(log.slice(0, 1)), request, storage);
    expect(outcome.kind).toBe('written');
    expect(written.map(({ seq }) => seq)).toEqual([4]);
  });

  it('returns a stored message as a duplicate when its sender has reached the limit', async () => {
    const stored = entryOf({ seq: 4, createdAt: at, clientMessageId: 'new-id', digest: new Uint8Array([7]) });
    const { owner, storage } = storageOf([...log, stored]);
    const request = { command: commandOf({ claimedAt: at, perMinute: 3 }), content, origin: undefined };
    const { outcome } = await appendToLog(owner, tailOf(log), request, storage);
    expect(outcome).toMatchObject({ kind: 'duplicate', entry: { seq: 4 } });
  });

  it('does not try the slot of the message that the entry changes', async () => {
    const { owner, storage, written, tried } = storageOf(log);
    const command = commandOf({ kind: editKind, target: 3, claimedAt: at });
    const request = { command, content: { type: 'edit', text: 'hello' }, origin: undefined } as const;
    await appendToLog(owner, tailOf(log.slice(0, 2)), request, storage);
    expect(tried).toEqual([4]);
    expect(written).toMatchObject([{ seq: 4, kind: editKind, target: 3 }]);
  });
});
