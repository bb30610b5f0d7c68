import type { AwsCall, LocalRun } from '../local/contract.ts';
import { type Person, sendAndReceive, startConversation } from './people.ts';

export interface Throughput {
  readonly conversations: number;
  readonly inFlight: number;
  readonly messagesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Per message, as counted while it was at full speed. */
  readonly awsCalls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

/**
 * Pairs of people write to one another, each pair in a conversation of its own, `inFlight` messages at a time in each.
 * A message is done when the other has received it.
 */
export async function measureThroughput(
  run: LocalRun,
  people: readonly Person[],
  conversations: number,
  inFlight: number,
  messages: number,
): Promise<Throughput> {
  const pairs = await Promise.all(
    Array.from({ length: conversations }, async (_, index) => {
      const from = people[(2 * index) % people.length];
      const to = people[(2 * index + 1 + 2 * Math.floor((2 * index) / people.length)) % people.length];
      if (from === undefined || to === undefined) throw new Error('Too few people');
      return { from, to, conversationId: await startConversation(run, from, to) };
    }),
  );
  // Warm: every conversation once, so that no environment starts while time is taken.
  await Promise.all(pairs.map(({ from, to, conversationId }) => sendAndReceive(from, to, conversationId)));
  await run.settled();

  run.recorder.clear();
  const times: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    pairs.flatMap(({ from, to, conversationId }) =>
      Array.from({ length: inFlight }, async () => {
        const count = Math.ceil(messages / conversations / inFlight);
        for (let number = 0; number < count; number += 1) times.push(await sendAndReceive(from, to, conversationId));
      }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const calls = run.recorder.calls().filter((call) => call.functionName.includes('socket-message'));
  const perMessage = (value: (call: AwsCall) => number): number =>
    calls.reduce((total, call) => total + value(call), 0) / times.length;
  times.sort((one, other) => one - other);
  return {
    conversations,
    inFlight,
    messagesPerSecond: times.length / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    awsCalls: perMessage(() => 1),
    writeUnits: perMessage((call) => call.writeUnits),
    readUnits: perMessage((call) => call.readUnits),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
