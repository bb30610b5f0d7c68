import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { appendToLog, type AppendTarget } from './append-to-log.ts';
import { editKind } from './kinds/edit.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogStore } from './log-store.ts';
import { commandOf, entryOf, tailOf } from './log-test-builders.ts';

const at = Date.now();
const keys = newTenantKeys();

/** A log in memory, and the entries that were written to it. */
function targetOn(log: readonly LogEntry[]) {
  const written: LogEntry[] = [];
  const tried: number[] = [];
  const store = {
    readForward: (after: number, limit: number) =>
      Promise.resolve([...log, ...written].filter(({ seq }) => seq > after).slice(0, limit)),
    put: (entry: LogEntry) => {
      tried.push(entry.seq);
      const taken = [...log, ...written].find(({ seq }) => seq === entry.seq);
      if (taken === undefined) written.push(entry);
      return Promise.resolve(taken === undefined ? { written: true } : { written: false, taken });
    },
  };
  const scope = TenantScope.fromEnvelope({ tenantId: ulid() });
  const target: AppendTarget = { scope, conversationId: ulid(), store: store as unknown as LogStore, keys };
  return { target, written, tried };
}

const log = [1, 2, 3].map((seq) => entryOf({ seq, createdAt: at - 1000 + seq }));
const content = { type: 'text', text: 'hello' } as const;

describe('with a memory that lacks the newest entries', () => {
  it('takes the slot after all of them', async () => {
    const { target, written } = targetOn(log);
    const request = { command: commandOf({ claimedAt: at }), content, origin: undefined };
    const { outcome } = await appendToLog(target, tailOf(log.slice(0, 1)), request);
    expect(outcome.kind).toBe('written');
    expect(written.map(({ seq }) => seq)).toEqual([4]);
  });

  it('finds a message that others have stored, although its sender may write no more now', async () => {
    const stored = entryOf({ seq: 4, createdAt: at, clientMessageId: 'new-id', digest: new Uint8Array([7]) });
    const { target } = targetOn([...log, stored]);
    const request = { command: commandOf({ claimedAt: at, perMinute: 3 }), content, origin: undefined };
    const { outcome } = await appendToLog(target, tailOf(log), request);
    expect(outcome).toMatchObject({ kind: 'duplicate', entry: { seq: 4 } });
  });

  it('does not take the slot of the very message that it changes', async () => {
    const { target, written, tried } = targetOn(log);
    const command = commandOf({ kind: editKind, target: 3, claimedAt: at });
    const request = { command, content: { type: 'edit', text: 'hello' }, origin: undefined } as const;
    await appendToLog(target, tailOf(log.slice(0, 2)), request);
    expect(tried).toEqual([4]);
    expect(written).toMatchObject([{ seq: 4, kind: editKind, target: 3 }]);
  });
});
