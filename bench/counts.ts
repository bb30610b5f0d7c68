import type { AwsCall, LocalRun } from '../local/contract.ts';
import { isCausedByMessages } from './usage.ts';
import { type Person, sendAndReceive } from './people.ts';

/**
 * Counts of one function's AWS calls for a send, as the local run saw them: medians, since every send does the same but
 * for what time brings. Settings are read again every 30 seconds, and a busy machine now and then lets one of two calls
 * that left together end before the other has come.
 */
export interface SendCounts {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly awsCalls: number;
  readonly sequentialBeforeAck: number;
  readonly sequentialBeforeDelivery: number;
}

/**
 * Sends `sends` messages and counts what the sending function did for each. Each waits until the one before
 * is wholly done, as people's messages do: at full speed the next frame can arrive before the environment is free, and
 * another one, with an older memory, takes it. The throughput figures count that.
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
  // A frame's invocation without a write is not a send: there is none of that kind here, or the counts would be off.
  if (invocations.length !== sends) throw new Error(`${sends} sends made ${invocations.length} invocations`);
  const sequences = invocations.map(sequencesOf);
  return {
    writeUnits: median(invocations.map((calls) => sum(calls.map((call) => call.writeUnits)))),
    readUnits: median(invocations.map((calls) => sum(calls.map((call) => call.readUnits)))),
    awsCalls: median(invocations.map((calls) => calls.length)),
    sequentialBeforeAck: median(sequences.map((one) => one.beforeAck)),
    sequentialBeforeDelivery: median(sequences.map((one) => one.beforeDelivery)),
  };
}

/** Units of all functions together, projector included, for the same sends. */
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

/**
 * How many calls had to be waited for, one after the other, before the acknowledgement left and before the delivery was
 * done: the longest chain of calls of which each began after the one before had ended. Posts of one batch begin
 * together; the first that begins is the batch.
 */
function sequencesOf(calls: readonly AwsCall[]): { readonly beforeAck: number; readonly beforeDelivery: number } {
  const posts = calls.filter((call) => call.operation === 'PostToConnection');
  const batchAt = Math.min(...posts.map((post) => post.startedAt));
  const before = calls.filter((call) => call.endedAt <= batchAt);
  const beforeAck = longestChain(before);
  return { beforeAck, beforeDelivery: longestChain([...before, ...posts]) };
}

/** Interval scheduling: by earliest end, take each call that begins after the last one taken has ended. */
function longestChain(calls: readonly AwsCall[]): number {
  let chain = 0;
  let end = -Infinity;
  for (const call of [...calls].sort((one, other) => one.endedAt - other.endedAt)) {
    if (call.startedAt >= end) {
      chain += 1;
      end = call.endedAt;
    }
  }
  return chain;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
