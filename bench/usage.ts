import type { AwsCall, InvocationRecord, LocalRun } from '../local/contract.ts';
import { frameUnits, gibSecondsOf, type Usage } from './cost.ts';

/** The functions to which API Gateway sends the frames of clients. */
const frameFunctions = /-socket-(message|action)$/;
/** KMS operations on signing keys, which cost more than those on symmetric keys. */
const signingOperations = ['Sign', 'GetPublicKey'];
/** An event on a queue is sent there by the bus, received, and deleted. */
const requestsPerQueuedEvent = 3;

/**
 * Runs once for all writes within five minutes, so no single message causes it. A thousand runs cost $0.02: at most
 * $0.18 a month for a tenant that writes all the time.
 */
const timedFunction = 'checkpoint-logs';

/** Whether a message caused a call or an invocation, judged by its function. */
export function isCausedByMessages({ functionName }: { readonly functionName: string }): boolean {
  return !functionName.endsWith(`-${timedFunction}`);
}

/**
 * What was used since the recorder was cleared, by all functions together. Settle the run first.
 *
 * @param largestFrame - bytes of the largest frame there was: the recorder sees posts, not their bodies.
 * @throws Error if the recorder forgot something because it was too much.
 */
export function usageOf(run: LocalRun, largestFrame: number): Usage {
  const calls = run.recorder.calls().filter(isCausedByMessages);
  const invocations = run.recorder.invocations().filter(isCausedByMessages);
  const callsOf = Map.groupBy(calls, (call) => call.invocationId);
  const known = new Set(invocations.map((one) => one.id));
  if (calls.some((call) => call.invocationId !== undefined && !known.has(call.invocationId))) {
    throw new Error('The recorder keeps fewer invocations than there were');
  }
  const memory = new Map(run.functions.definitions.map((one) => [one.name, one.memoryMiB]));
  const framesIn = invocations.filter((one) => frameFunctions.test(one.functionName)).length;
  const posts = count(calls, (call) => call.operation === 'PostToConnection' && call.status < 300);
  return {
    socketMessages: (framesIn + posts) * frameUnits(largestFrame),
    httpRequests: count(invocations, (one) => /^[A-Z]+ \//.test(one.trigger)),
    invocations: invocations.length,
    gibSeconds: sum(
      invocations.map((one) => gibSecondsOf(memory.get(one.functionName) ?? NaN, callsOf.get(one.id)?.length ?? 0)),
    ),
    writeUnits: sum(calls.map((call) => call.writeUnits)),
    readUnits: sum(calls.map((call) => call.readUnits)),
    streamReads: count(invocations, (one) => one.trigger.startsWith('stream ')),
    // What AWS itself publishes is free.
    busEvents: run.recorder.sinks('event').filter((event) => !String(event['source']).startsWith('aws.')).length,
    queueRequests: requestsPerQueuedEvent * count(invocations, (one) => one.trigger.startsWith('queue ')),
    keyRequests: count(calls, (call) => call.service === 'kms' && !signingOperations.includes(call.operation)),
    signatures: count(calls, (call) => call.service === 'kms' && signingOperations.includes(call.operation)),
    sessionRequests: count(calls, (call) => call.service === 'sts'),
  };
}

function count<Entry extends AwsCall | InvocationRecord>(
  entries: readonly Entry[],
  matches: (entry: Entry) => boolean,
): number {
  return entries.filter(matches).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
