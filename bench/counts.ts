import type { AwsCall, LocalRun } from '../local/contract.ts';
import { isCausedByMessages } from './usage.ts';
import { type Person, sendAndReceive } from './people.ts';

/**
 * Medians. Sends differ because the function rereads settings every 30 seconds and a busy machine may serialise
 * parallel calls.
 */
export interface SendCounts {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly awsCalls: number;
  readonly sequentialBeforeAck: number;
  readonly sequentialBeforeDelivery: number;
}

/**
 * Each send waits for the previous one, because another environment with an older cache could handle the next frame.
 */
export async function countSends(
  run: LocalRun,
  from: Person,
  to: Person,
  conversationId: string,
  sends: number,
): Promise<SendCounts> {
  await run.settled();
  run.recorder.clear();
  for (let number = 0; number < sends; number += 1) {
    await sendAndReceive(from, to, conversationId);
    await run.settled();
  }
  const invocations = invocationsOf(
    run.recorder.calls().filter((call) => call.functionName.includes('socket-message')),
  );
  if (invocations.length !== sends) throw new Error(`${sends} sends made ${invocations.length} invocations`);
  const sequences = invocations.map(sequencesOf);
  return {
    writeUnits: median(invocations.map((calls) => sum(calls.map((call) => call.writeUnits)))),
    readUnits: median(invocations.map((calls) => sum(calls.map((call) => call.readUnits)))),
    awsCalls: median(invocations.map((calls) => calls.length)),
    sequentialBeforeAck: median(sequences.map((sequence) => sequence.beforeAck)),
    sequentialBeforeDelivery: median(sequences.map((sequence) => sequence.beforeDelivery)),
  };
}

export function unitsOfAll(run: LocalRun): {
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly calls: number;
} {
  const calls = run.recorder.calls().filter(isCausedByMessages);
  return {
    readUnits: sum(calls.map((call) => call.readUnits)),
    writeUnits: sum(calls.map((call) => call.writeUnits)),
    calls: calls.length,
  };
}

function invocationsOf(calls: readonly AwsCall[]): AwsCall[][] {
  return [...Map.groupBy(calls, (call) => call.invocationId).values()];
}

/** Longest chains of sequential calls. All posts begin together, so the first marks the delivery. */
function sequencesOf(calls: readonly AwsCall[]): { readonly beforeAck: number; readonly beforeDelivery: number } {
  const posts = calls.filter((call) => call.operation === 'PostToConnection');
  const batchAt = Math.min(...posts.map((post) => post.startedAt));
  const before = calls.filter((call) => call.endedAt <= batchAt);
  const beforeAck = longestChain(before);
  return { beforeAck, beforeDelivery: longestChain([...before, ...posts]) };
}

/** Interval scheduling by end time. */
export function longestChain(calls: readonly AwsCall[]): number {
  let chain = 0;
  let end = -Infinity;
  for (const call of [...calls].sort((a, b) => a.endedAt - b.endedAt)) {
    if (call.startedAt >= end) {
      chain += 1;
      end = call.endedAt;
    }
  }
  return chain;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
