import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chainHash, chainStart, ChainVerifier, type ChainVerdict } from './hash-chain.ts';
import type { LogEntry } from './log-entry.ts';
import { entryOf } from './log-test-builders.ts';

function chain(length: number): LogEntry[] {
  const entries: LogEntry[] = [];
  let hash = chainStart('conversation');
  for (let seq = 1; seq <= length; seq += 1) {
    const entry = entryOf({ seq });
    hash = chainHash(hash, entry);
    entries.push({ ...entry, hash });
  }
  return entries;
}

function verdict(entries: readonly LogEntry[], conversationId = 'conversation'): ChainVerdict {
  const verifier = new ChainVerifier(conversationId);
  for (const entry of entries) {
    const broken = verifier.add(entry);
    if (broken !== undefined) return broken;
  }
  return verifier.end();
}

it('finds a log that was left alone intact', () => {
  expect(verdict(chain(20))).toEqual({ intact: true, entries: 20 });
});

it('finds every change of a fact, at its place', () => {
  const changes: readonly ((entry: LogEntry) => LogEntry)[] = [
    (entry) => ({ ...entry, senderId: 'mallory' }),
    (entry) => ({ ...entry, clientMessageId: 'other' }),
    (entry) => ({ ...entry, createdAt: entry.createdAt + 1 }),
    (entry) => ({ ...entry, digest: new Uint8Array([255, 1]) }),
    (entry) => ({ ...entry, state: { ...entry.state, count: entry.state.count + 1 } }),
    (entry) => ({ ...entry, state: { ...entry.state, revision: entry.state.revision + 1 } }),
    (entry) => ({ ...entry, target: 7 }),
    (entry) => ({ ...entry, urgent: !entry.urgent }),
    (entry) => ({ ...entry, hash: new Uint8Array(32) }),
  ];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 19 }), fc.constantFrom(...changes), (index, change) => {
      const entries = chain(20).map((entry, at) => (at === index ? change(entry) : entry));
      expect(verdict(entries)).toMatchObject({ intact: false, seq: index + 1 });
    }),
  );
});

it('finds removed, swapped and foreign entries', () => {
  const entries = chain(10);
  expect(verdict(entries.filter((entry) => entry.seq !== 4))).toEqual({ intact: false, seq: 4, reason: 'gap' });
  const swapped = entries.map((entry, index) => ({
    ...(entries[index === 2 ? 3 : index === 3 ? 2 : index] ?? entry),
    seq: index + 1,
  }));
  expect(verdict(swapped)).toMatchObject({ intact: false, seq: 3 });
  expect(verdict(entries, 'another-conversation')).toMatchObject({ intact: false, seq: 1, reason: 'hash' });
});
