import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import { oldestRetryMs } from '../../../shared/features/log/append.ts';
import { seededRandom } from '../../integration/log/seeded-random.ts';
import type { SendAnswer, SendRequest } from '../../integration/log/writer.ts';
import { seed } from '../../reporting/seed.ts';
import { engineFaults, type Hostility, mildnessOf } from './hostility.ts';
import { LogSenders } from './log-senders.ts';
import { VirtualTime } from './virtual-time.ts';

// Writes to a model of the log, which is cheap enough for many seeds.
const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 10) }, (_, index) => seed + index * 65_537);
const sends = 2000;
const conversations = 20;
const sendersEach = 4;

interface ModelMessage {
  readonly senderId: string;
  deleted: boolean;
  readonly reactions: Set<string>;
}

function modelWriters(random: () => number, time: VirtualTime) {
  const decide = engineFaults(random);
  const logs = new Map<string, Map<string, number>>();
  const messages = new Map<string, ModelMessage>();
  let lostReplies = 0;
  let killed = 0;

  function apply(request: Omit<SendRequest, 'call'>): Omit<SendAnswer, 'call'> {
    const { conversationId, senderId, clientMessageId, change } = request;
    const log = logs.get(conversationId) ?? new Map<string, number>();
    logs.set(conversationId, log);
    const original = log.get(clientMessageId);
    if (original !== undefined) return { outcome: 'duplicate', seq: original };
    const writtenAt = [...clientMessageId.slice(0, 10)].reduce(
      (ms, character) => ms * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(character),
      0,
    );
    if (time.now - writtenAt > oldestRetryMs) return { outcome: 'clock-skew' };
    if (change !== undefined) {
      const target = messages.get(`${conversationId} ${change.target}`);
      if (target === undefined) throw new Error('A change names a message that does not exist');
      const reaction = `${senderId} ${change.emoji}`;
      if (change.kind !== 'reaction' && target.senderId !== senderId) return { outcome: 'not-sender' };
      if (target.deleted) return { outcome: change.kind === 'deletion' ? 'same' : 'deleted' };
      if (change.kind === 'reaction' && target.reactions.has(reaction) === change.added) return { outcome: 'same' };
      if (change.kind === 'deletion') target.deleted = true;
      if (change.kind === 'reaction') target.reactions[change.added === true ? 'add' : 'delete'](reaction);
    }
    const seq = log.size + 1;
    log.set(clientMessageId, seq);
    messages.set(`${conversationId} ${seq}`, { senderId, deleted: false, reactions: new Set() });
    return { outcome: 'appended', seq };
  }

  return {
    lostReplies: () => lostReplies,
    send: async (request: Omit<SendRequest, 'call'>): Promise<Omit<SendAnswer, 'call'>> => {
      await Promise.resolve();
      if (killed > 0) {
        killed -= 1;
        return { outcome: 'killed' };
      }
      const fault = decide();
      if (fault === 'throttle' || fault === 'lose-request') return { outcome: 'busy' };
      const answer = apply(request);
      if (fault === 'none') return answer;
      lostReplies += 1;
      return { outcome: 'failed' };
    },
    killOne: async () => {
      killed += 1;
    },
  };
}

async function runOf(seedOfRun: number): Promise<Hostility> {
  const random = seededRandom(seedOfRun);
  const time = new VirtualTime(Date.UTC(2026, 0, 1));
  const writers = modelWriters(random, time);
  const senders = new LogSenders({
    ...{ writers, writerCount: 4, time, random, sends },
    onLive: () => undefined,
    onProgress: () => undefined,
  });
  const perSender = Math.ceil(sends / conversations / sendersEach);
  const sent = await Promise.all(
    Array.from({ length: conversations }, () => ulid()).flatMap((id) =>
      Array.from({ length: sendersEach }, (_, index) => senders.run(id, `sender-${index}`, perSender)),
    ),
  );
  return {
    ...{ sends, kills: senders.kills, lateRetries: senders.lateRetries, lostReplies: writers.lostReplies() },
    messages: sent.flatMap(({ messages }) => messages),
    changes: sent.flatMap(({ changes }) => changes),
  };
}

it(`injects enough faults into a run of the log with each of ${seeds.length} seeds`, async () => {
  for (const each of seeds) expect(mildnessOf(await runOf(each)), `seed ${each}`).toEqual([]);
});

it('reports every shortage in a run without events', () => {
  const messages = [{ senderId: 'a', writer: 'a', clientMessageId: ulid(), text: '', acks: [], refused: false }];
  const nothing = { sends, kills: 0, lateRetries: 0, lostReplies: 0, messages, changes: [] };
  expect(mildnessOf(nothing)).toHaveLength(8);
});
