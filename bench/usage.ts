import type { AwsCall, InvocationRecord, LocalRun } from '../local/contract.ts';
import { frameUnits, gibSecondsOf, type Usage } from './cost.ts';

const frameFunctions = /-socket-(message|action)$/;
/** KMS charges more for asymmetric keys. */
const signingOperations = ['Sign', 'GetPublicKey'];
/** Send, receive and delete. */
const requestsPerQueuedEvent = 3;

/**
 * No single message causes its runs. A thousand runs cost $0.02: at most $0.18 a month for a constantly active tenant.
 */
const timedFunction = 'checkpoint-logs';

export function isCausedByMessages({ functionName }: { readonly functionName: string }): boolean {
  return !functionName.endsWith(`-${timedFunction}`);
}

/**
 * Usage since the recorder was cleared. Settle the run first.
 *
 * @param largestFrame in bytes, because the recorder keeps no bodies of posts.
 * @throws Error if the recorder dropped invocations.
 */
export function usageOf(run: LocalRun, largestFrame: number): Usage {
  const calls = run.recorder.calls().filter(isCausedByMessages);
  const invocations = run.recorder.invocations().filter(isCausedByMessages);
  const callsOf = Map.groupBy(calls, (call) => call.invocationId);
  const recorded = new Set(invocations.map(({ id }) => id));
  if (calls.some((call) => call.invocationId !== undefined && !recorded.has(call.invocationId))) {
    throw new Error('The recorder dropped invocations');
  }
  const memory = new Map(run.functions.definitions.map(({ name, memoryMiB }) => [name, memoryMiB]));
  const framesIn = invocations.filter(({ functionName }) => frameFunctions.test(functionName)).length;
  const posts = count(calls, (call) => call.operation === 'PostToConnection' && call.status < 300);
  return {
    socketMessages: (framesIn + posts) * frameUnits(largestFrame),
    httpRequests: count(invocations, ({ trigger }) => /^[A-Z]+ \//.test(trigger)),
    invocations: invocations.length,
    gibSeconds: sum(
      invocations.map(({ id, functionName }) =>
        gibSecondsOf(memory.get(functionName) ?? NaN, callsOf.get(id)?.length ?? 0),
      ),
    ),
    writeUnits: sum(calls.map((call) => call.writeUnits)),
    readUnits: sum(calls.map((call) => call.readUnits)),
    streamReads: count(invocations, ({ trigger }) => trigger.startsWith('stream ')),
    // AWS's own events are free.
    busEvents: run.recorder.sinks('event').filter((event) => !String(event['source']).startsWith('aws.')).length,
    queueRequests: requestsPerQueuedEvent * count(invocations, ({ trigger }) => trigger.startsWith('queue ')),
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
