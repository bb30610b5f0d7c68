import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LogStage, startLogStage } from '../../integration/log/log-stage.ts';
import { firstTampering } from '../../../shared/features/log/log-verifier.ts';
import { seededRandom } from '../../integration/log/seeded-random.ts';
import { progressOf, report } from '../../integration/system/report.ts';
import { violationsOf } from '../history/checker.ts';
import type { SentChange, SentMessage } from '../history/history.ts';
import type { Violation } from '../history/violations.ts';
import { sized } from '../scale.ts';
import { seed } from '../../reporting/seed.ts';
import { engineFaults, mildnessOf } from './hostility.ts';
import { LogObserver } from './log-observer.ts';
import { loggedOf, resumed } from './log-reading.ts';
import { LogSenders } from './log-senders.ts';
import { VirtualTime } from './virtual-time.ts';

// Writers with stale caches are killed, lose requests and replies, and are throttled. Senders repeat requests, at once
// or after days. Weeks pass on the run's own clock.
const sends = Number(process.env['SENDS'] ?? sized(100_000, 600));
const conversations = sized(200, 20);
const sendersEach = 4;
const writerCount = 4;

const random = seededRandom(seed);
const time = new VirtualTime(Date.UTC(2026, 0, 1));
let stage: LogStage;

beforeAll(async () => {
  report(`log: ${sends} sends over ${conversations} conversations (seed ${seed})`);
  const decide = engineFaults(random);
  const script = join(import.meta.dirname, 'virtual-writer.ts');
  stage = await startLogStage({ writers: writerCount, script, decide });
});

afterAll(() => stage.stop());

it(`loses, repeats and reorders nothing in ${sends} sends (seed ${seed})`, async () => {
  const startedAt = performance.now();
  const ids = Array.from({ length: conversations }, () => ulid());
  const observers = new Map(ids.map((id) => [id, new LogObserver(stage, id, random)]));
  await Promise.all([...observers.values()].map((observer) => observer.open()));
  const senders = new LogSenders({
    writers: stage.writers,
    ...{ writerCount, time, random, sends },
    onLive: (event) => observers.get(event.conversationId)?.post(event),
    onProgress: progressOf('sends', sends),
  });
  const perSender = Math.ceil(sends / conversations / sendersEach);
  const sent = await Promise.all(
    ids.map((id) =>
      Promise.all(Array.from({ length: sendersEach }, (_, index) => senders.run(id, `sender-${index}`, perSender))),
    ),
  );
  const took = (performance.now() - startedAt) / 1000;
  const { kills, lateRetries, changes } = senders;
  report(
    `log: ${sends} sends in ${took.toFixed(0)} s; ${JSON.stringify({ ...stage.faults, kills, lateRetries, changes })}`,
  );

  const checked = progressOf('conversations checked', conversations);
  const violations: Violation[] = [];
  const all: SentMessage[] = [];
  const allChanges: SentChange[] = [];
  for (const [index, conversationId] of ids.entries()) {
    const entries = await stage.wholeLog(conversationId);
    expect(firstTampering({ keys: stage.keys, scope: stage.scope, conversationId }, entries)).toBeUndefined();
    const observer = observers.get(conversationId);
    await observer?.catchUp(entries.length, new Map(entries.map((entry) => [entry.seq, entry.changes.updatedSeq])));
    const log = loggedOf(stage, conversationId, entries);
    const received = [await resumed(stage, conversationId, log, Math.floor(random() * entries.length))];
    if (observer !== undefined) received.push(observer.close());
    const own = (sent[index] ?? []).flatMap(({ messages }) => messages);
    const changed = (sent[index] ?? []).flatMap((sender) => sender.changes);
    all.push(...own);
    allChanges.push(...changed);
    violations.push(...violationsOf({ conversationId, sent: own, changes: changed, log, received }));
    checked(index + 1);
  }
  expect(violations).toEqual([]);
  const lostReplies = stage.faults['lose-reply'];
  expect(mildnessOf({ sends, kills, lateRetries, lostReplies, messages: all, changes: allChanges })).toEqual([]);
});
