import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { withChange } from './change-rules.ts';
import { chainHash, chainStart } from './hash-chain.ts';
import { fromStoredEntry, type StoredEntry, toStoredEntry } from './log-codec.ts';
import { deletionKind, editKind, type EntryContent, messageKind, reactionKind } from './entry-kinds.ts';
import { digestOf, type LogOwner, openContent, sealContent } from './log-content.ts';
import { emptyState, type EntryKind, type LogEntry } from './log-entry.ts';
import { entryOf } from './log-test-builders.ts';
import { firstTampering, LogVerifier } from './log-verifier.ts';

const keys = newTenantKeys();
const owner: LogOwner = {
  keys,
  scope: TenantScope.fromEnvelope({ tenantId: ulid() }),
  conversationId: 'conversation',
};

interface Written {
  readonly kind: EntryKind;
  readonly senderId?: string;
  readonly content: EntryContent;
  readonly target?: number;
}

function written(entries: readonly Written[], by: LogOwner = owner): LogEntry[] {
  const log: LogEntry[] = [];
  for (const { kind, senderId = 'alice', content, target } of entries) {
    const seq = log.length + 1;
    const count = (log.at(-1)?.state ?? emptyState).count + (kind.countsAsUnread ? 1 : 0);
    const attributes = entryOf({ seq, kind, senderId, target, digest: digestOf(by.keys, content) });
    const linked: LogEntry = { ...attributes, state: { count, revision: 0 } };
    const entry: LogEntry = {
      ...linked,
      content: sealContent(by, linked, content),
      hash: chainHash(by.keys, log.at(-1)?.hash ?? chainStart(by.keys, by.conversationId), linked),
    };
    const message = target === undefined ? undefined : log[target - 1];
    if (message !== undefined) log[message.seq - 1] = withChange(message, entry, content);
    log.push(entry);
  }
  return log;
}

const text = (value: string): Written => ({ kind: messageKind, content: { type: 'text', text: value } });
const edit = (target: number, value: string): Written => ({
  kind: editKind,
  target,
  content: { type: 'edit', text: value },
});
const reaction = (target: number, senderId: string, added = true): Written => ({
  kind: reactionKind,
  target,
  senderId,
  content: { type: 'reaction', emoji: '👍', added },
});

const log = written([
  text('one'),
  text('two'),
  edit(1, 'one, corrected'),
  reaction(1, 'bob'),
  reaction(2, 'bob'),
  reaction(2, 'bob', false),
  text('three'),
  { kind: deletionKind, target: 7, content: { type: 'deletion' } },
  edit(1, 'one, corrected twice'),
  text('last'),
]);

const at = (seq: number): LogEntry => {
  const entry = log[seq - 1];
  if (entry === undefined) throw new Error(`There is no entry ${seq}`);
  return entry;
};
const replaced = (seq: number, entry: LogEntry): LogEntry[] =>
  log.map((original) => (original.seq === seq ? entry : original));

describe('firstTampering', () => {
  it('returns undefined for an unchanged log', () => {
    expect(firstTampering(owner, log)).toBeUndefined();
  });

  it('returns undefined for a log that was encoded and decoded for the table', () => {
    const stored = log.map((entry) => fromStoredEntry({ ...toStoredEntry(entry), sk: sortKey(entry.seq) }));
    expect(firstTampering(owner, stored)).toBeUndefined();
  });

  it.each(log.map((entry) => [entry.seq, entry.kind.name] as const))(
    'detects a change of any stored attribute of entry %i (%s)',
    (seq) => {
      const stored = toStoredEntry(at(seq));
      const names = Object.keys(stored).filter((name) => !unchained.has(name));
      expect(names.length).toBeGreaterThan(6);
      for (const name of names) {
        for (const value of alternatives(stored[name as keyof StoredEntry])) {
          const entry = fromStoredEntry({ ...stored, [name]: value, sk: sortKey(seq) });
          expect(firstTampering(owner, replaced(seq, entry)), `${name} of ${seq}`).toBeDefined();
        }
        const without = Object.fromEntries(Object.entries(stored).filter(([other]) => other !== name));
        if (!requiredToRead.has(name)) {
          const entry = fromStoredEntry({ ...without, sk: sortKey(seq) } as unknown as StoredEntry & { sk: string });
          expect(firstTampering(owner, replaced(seq, entry)), `${name} removed from ${seq}`).toBeDefined();
        }
      }
    },
  );

  it('detects a deletion, an edit or reactions that no entry made', () => {
    const deletion = { seq: 10, at: 10_000, by: 'alice' };
    const folds: LogEntry['changes'][] = [
      { ...at(10).changes, deletion },
      { ...at(10).changes, reactions: { '👍': ['mallory'] } },
      { ...at(10).changes, edit: { seq: 9, at: 9000, content: at(9).content } },
      { ...at(10).changes, updatedSeq: 99 },
    ];
    for (const changes of folds) {
      expect(firstTampering(owner, replaced(10, { ...at(10), changes }))).toEqual({ seq: 10, reason: 'fold' });
    }
  });

  it.each(log.map((entry) => [entry.seq, entry.kind.name] as const))(
    'detects an attribute added to entry %i (%s)',
    (seq) => {
      const stored = toStoredEntry(at(seq));
      const fold = { q: 99, t: 99, s: 'mallory', x: at(seq).content };
      const additions = { g: 2, w: true, v: 1, u: 99, e: fold, l: [99], z: fold, r: { '👍': ['mallory'] } };
      for (const [name, value] of Object.entries(additions).filter(([other]) => !(other in stored))) {
        const entry = fromStoredEntry({ ...stored, [name]: value, sk: sortKey(seq) });
        expect(firstTampering(owner, replaced(seq, entry)), `${name} added to ${seq}`).toBeDefined();
      }
    },
  );

  it('detects a message that was reset to its state before a change', () => {
    const before = { ...at(7), changes: { updatedSeq: 7, reactions: {} } };
    expect(firstTampering(owner, replaced(7, before))).toEqual({ seq: 7, reason: 'fold' });
  });

  it('detects removed, swapped and foreign entries', () => {
    expect(firstTampering(owner, log.slice(1))).toEqual({ seq: 1, reason: 'gap' });
    expect(
      firstTampering(
        owner,
        log.filter(({ seq }) => seq !== 4),
      ),
    ).toEqual({ seq: 4, reason: 'gap' });
    const swapped = [...log.slice(0, 1), { ...at(3), seq: 2 }, { ...at(2), seq: 3 }, ...log.slice(3)];
    expect(firstTampering(owner, swapped)).toMatchObject({ seq: 2 });
    expect(firstTampering({ ...owner, conversationId: 'another' }, log)).toEqual({ seq: 1, reason: 'hash' });
  });

  it('detects a log that was rewritten with the known algorithm but without the key', () => {
    let hash: Uint8Array = createHash('sha256').update('switchboard/log/v2/conversation').digest();
    const forged = log.map((entry) => {
      const claim = { ...entry, senderId: 'mallory' };
      hash = createHash('sha256').update(hash).update(entry.digest).update(JSON.stringify(claim)).digest();
      return { ...claim, hash };
    });
    expect(firstTampering(owner, forged)).toEqual({ seq: 1, reason: 'hash' });
    const thief = { ...keys, chain: newTenantKeys().chain };
    expect(firstTampering(owner, written([text('one')], { ...owner, keys: thief }))).toMatchObject({ reason: 'hash' });
  });

  it('detects a content that can be decrypted but is not the one that the chain covers', () => {
    const content = sealContent(owner, at(2), { type: 'text', text: 'forged' });
    expect(firstTampering(owner, replaced(2, { ...at(2), content }))).toEqual({ seq: 2, reason: 'content' });
  });
});

describe('openContent', () => {
  it('throws for another number, author or time', () => {
    const open = (change: Partial<LogEntry>) => openContent(owner, { ...at(2), ...change });
    expect(open({})).toEqual({ type: 'text', text: 'two' });
    for (const change of [{ seq: 3 }, { senderId: 'mallory' }, { createdAt: at(2).createdAt + 1 }]) {
      expect(() => open(change)).toThrow();
    }
  });
});

describe('LogVerifier', () => {
  it('accepts a message that was read before its last change, once it is read again', () => {
    const verifier = new LogVerifier(owner);
    const stale = { ...at(1), changes: { updatedSeq: 1, reactions: {} } };
    for (const entry of replaced(1, stale)) expect(verifier.add(entry)).toBeUndefined();
    expect(verifier.misfolded()).toEqual([1]);
    verifier.readAgain(at(1));
    expect(verifier.misfolded()).toEqual([]);
  });
});

const unchained = new Set(['i', 'o']);
const requiredToRead = new Set(['d', 'x', 'h', 'k']);

function sortKey(seq: number): string {
  return `L#${String(seq).padStart(12, '0')}`;
}

function alternatives(value: unknown): unknown[] {
  if (typeof value === 'string')
    return value.length === 1 ? ['m', 'n', 'e', 'd', 'r'].filter((letter) => letter !== value) : ['mallory'];
  if (typeof value === 'number') return [value + 1, value - 1];
  if (typeof value === 'boolean') return [!value];
  if (value instanceof Uint8Array) {
    const flipped = Uint8Array.from(value);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    return [flipped, value.subarray(0, -1), new Uint8Array(40)];
  }
  if (Array.isArray(value)) return [[], [...(value as unknown[]), 99]];
  const members = Object.entries(value as object);
  return members.flatMap(([name, member]) =>
    alternatives(member).map((other) => ({ ...(value as object), [name]: other })),
  );
}
