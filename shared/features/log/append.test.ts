import { describe, expect, it } from 'vitest';
import { append, clockLeadMs, oldestRetryMs } from './append.ts';
import { deletionKind, editKind, reactionKind, systemKind } from './entry-kinds.ts';
import { commandOf, entryOf, tailOf } from './log-test-builders.ts';

const now = 1_000_000;

describe('append', () => {
  it('numbers the first message 1', () => {
    const decision = append(tailOf([]), commandOf(), now);
    expect(decision).toMatchObject({ kind: 'write', newEntry: { seq: 1, createdAt: now, state: { count: 1 } } });
  });

  it('continues after the newest entry', () => {
    const decision = append(tailOf([entryOf({ seq: 1 }), entryOf({ seq: 2 })]), commandOf(), now);
    expect(decision).toMatchObject({ kind: 'write', newEntry: { seq: 3, state: { count: 3 } } });
  });

  it('counts only messages', () => {
    const tail = tailOf([entryOf({ seq: 1 })]);
    for (const kind of [systemKind, editKind, deletionKind, reactionKind]) {
      expect(append(tail, commandOf({ kind }), now)).toMatchObject({
        kind: 'write',
        newEntry: { state: { count: 1 } },
      });
    }
  });

  it('gives an entry the time of the previous entry when the clock is behind it', () => {
    const ahead = entryOf({ seq: 1, createdAt: now + 90_000 });
    expect(append(tailOf([ahead]), commandOf(), now)).toMatchObject({
      kind: 'write',
      newEntry: { createdAt: now + 90_000 },
    });
  });

  it('returns the original of a repeated message', () => {
    const original = entryOf({ seq: 1, clientMessageId: 'new-id', createdAt: now, digest: new Uint8Array([7]) });
    expect(append(tailOf([original]), commandOf(), now)).toEqual({ kind: 'duplicate', original });
  });

  it('rejects an id that was used with different content', () => {
    const original = entryOf({ seq: 1, clientMessageId: 'new-id', createdAt: now, digest: new Uint8Array([8]) });
    expect(append(tailOf([original]), commandOf(), now).kind).toBe('idempotency-conflict');
  });

  it('accepts the same id from another sender', () => {
    const foreign = entryOf({ seq: 1, clientMessageId: 'new-id', senderId: 'bob', createdAt: now });
    expect(append(tailOf([foreign]), commandOf(), now).kind).toBe('write');
  });

  it('accepts a client clock that is at most two minutes ahead', () => {
    expect(append(tailOf([]), commandOf({ claimedAt: now + clockLeadMs }), now).kind).toBe('write');
    expect(append(tailOf([]), commandOf({ claimedAt: now + clockLeadMs + 1 }), now).kind).toBe('clock-skew');
  });

  it('accepts an id that is at most thirty days old', () => {
    const late = now + oldestRetryMs;
    expect(append(tailOf([]), commandOf({ claimedAt: now }), late).kind).toBe('write');
    expect(append(tailOf([]), commandOf({ claimedAt: now }), late + 1).kind).toBe('clock-skew');
  });

  it('reads back to the earliest possible time of the original before it accepts a late message', () => {
    const tail = tailOf([entryOf({ seq: 40, createdAt: now - 1000 })], false);
    const decision = append(tail, commandOf({ claimedAt: now - 500_000 }), now);
    expect(decision).toEqual({ kind: 'read-back', since: now - 500_000 - clockLeadMs, why: 'original' });
  });

  it('reads back when the oldest entry of the tail has exactly the earliest possible time of the original', () => {
    const since = now - clockLeadMs;
    expect(
      append(tailOf([entryOf({ seq: 40, createdAt: since })], false), commandOf({ claimedAt: now }), now).kind,
    ).toBe('read-back');
    expect(
      append(tailOf([entryOf({ seq: 40, createdAt: since - 1 })], false), commandOf({ claimedAt: now }), now).kind,
    ).toBe('write');
  });

  it('decides by the result of a search further back', () => {
    const original = entryOf({ seq: 3, clientMessageId: 'new-id', digest: new Uint8Array([7]) });
    const tail = { ...tailOf([entryOf({ seq: 40, createdAt: now - 1000 })], false) };
    const command = commandOf({ claimedAt: now - 500_000 });
    const since = command.claimedAt - clockLeadMs;
    expect(append({ ...tail, searched: { since, original } }, command, now)).toEqual({ kind: 'duplicate', original });
    expect(append({ ...tail, searched: { since, original: undefined } }, command, now).kind).toBe('write');
  });

  describe('with a limit of 3 messages in 60 seconds', () => {
    const limited = commandOf({ perMinute: 3 });
    const at = (...times: number[]) => tailOf(times.map((createdAt, index) => entryOf({ seq: index + 1, createdAt })));

    it('accepts the third message and rejects the fourth', () => {
      expect(append(at(now - 50_000, now - 40_000), limited, now).kind).toBe('write');
      expect(append(at(now - 50_000, now - 40_000, now - 30_000), limited, now)).toEqual({
        kind: 'throttled',
        retryAfterMs: 10_000,
      });
    });

    it('accepts another message 60 seconds after the oldest of the last three', () => {
      const tail = at(now - 60_000, now - 40_000, now - 30_000);
      expect(append(tail, limited, now).kind).toBe('write');
      expect(append(tail, limited, now - 1).kind).toBe('throttled');
    });

    it('does not count messages of other senders', () => {
      const tail = tailOf([1, 2, 3].map((seq) => entryOf({ seq, senderId: 'bob', createdAt: now - seq })));
      expect(append(tail, limited, now).kind).toBe('write');
    });

    it('returns the original of a repeated message even at the limit', () => {
      const entries = [1, 2, 3].map((seq) => entryOf({ seq, createdAt: now - 1000 }));
      const command = commandOf({ perMinute: 3, clientMessageId: 'id-2', digest: new Uint8Array([2]) });
      expect(append(tailOf(entries), command, now).kind).toBe('duplicate');
    });

    it('reads back when the tail is shorter than a minute', () => {
      const tail = { ...tailOf([entryOf({ seq: 9, createdAt: now - 30_000 })], false) };
      const searched = { since: limited.claimedAt - clockLeadMs, original: undefined };
      expect(append({ ...tail, searched }, limited, now)).toEqual({
        kind: 'read-back',
        since: now - 59_999,
        why: 'rate',
      });
    });
  });
});
