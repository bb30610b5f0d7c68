import type { AwsCall } from '../local/contract.ts';
import type { TestRun } from '../test/integration/harness.ts';
import { type Person, sendAndReceive, startConversation } from './people.ts';
import { processorTimeMs } from './processor-time.ts';

export interface Throughput {
  readonly conversations: number;
  readonly inFlight: number;
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly awsCalls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

const roundMessages = 250;
const mostRounds = 10;
/** The warm-up ends when a round saves less than this share of the cheapest earlier round. */
const steadyShare = 0.05;

/**
 * Each pair keeps `inFlight` messages in flight. A message is done when the recipient has it. A warm-up lets the
 * environments compile their code.
 */
export async function measureThroughput(
  test: TestRun,
  people: readonly Person[],
  conversations: number,
  inFlight: number,
  messages: number,
): Promise<Throughput> {
  const { run } = test;
  const pairs = await Promise.all(
    Array.from({ length: conversations }, async (_, index) => {
      const from = people[(2 * index) % people.length];
      const to = people[(2 * index + 1 + 2 * Math.floor((2 * index) / people.length)) % people.length];
      if (from === undefined || to === undefined) throw new Error('Too few people');
      return { from, to, conversationId: await startConversation(run, from, to) };
    }),
  );
  const sendAll = (count: number): Promise<Sent> => sendMessages(test, pairs, inFlight, count);
  await warmUp(sendAll);

  run.recorder.clear();
  const { times, seconds, cpuMs } = await sendAll(messages);
  const calls = run.recorder.calls().filter((call) => call.functionName.includes('socket-message'));
  const perMessage = (value: (call: AwsCall) => number): number =>
    calls.reduce((total, call) => total + value(call), 0) / times.length;
  times.sort((a, b) => a - b);
  return {
    conversations,
    inFlight,
    messagesPerSecond: times.length / seconds,
    cpuMsPerMessage: cpuMs / times.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    awsCalls: perMessage(() => 1),
    writeUnits: perMessage((call) => call.writeUnits),
    readUnits: perMessage((call) => call.readUnits),
  };
}

interface Sent {
  /** Milliseconds. */
  readonly times: number[];
  readonly seconds: number;
  /** Includes the clients. */
  readonly cpuMs: number;
}

interface Pair {
  readonly from: Person;
  readonly to: Person;
  readonly conversationId: string;
}

async function sendMessages(
  { run, dataDirectory }: TestRun,
  pairs: readonly Pair[],
  inFlight: number,
  messages: number,
): Promise<Sent> {
  await run.settled();
  const times: number[] = [];
  const cpuBefore = processorTimeMs(dataDirectory);
  const startedAt = performance.now();
  await Promise.all(
    pairs.flatMap(({ from, to, conversationId }) =>
      Array.from({ length: inFlight }, async () => {
        const count = Math.ceil(messages / pairs.length / inFlight);
        for (let number = 0; number < count; number += 1) times.push(await sendAndReceive(from, to, conversationId));
      }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await run.settled();
  return { times, seconds, cpuMs: processorTimeMs(dataDirectory) - cpuBefore };
}

async function warmUp(sendAll: (count: number) => Promise<Sent>): Promise<void> {
  let cheapest = Infinity;
  for (let round = 0; round < mostRounds; round += 1) {
    const { times, cpuMs } = await sendAll(roundMessages);
    const cost = cpuMs / times.length;
    if (cost > cheapest * (1 - steadyShare)) return;
    cheapest = cost;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
