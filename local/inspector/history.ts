import type { AwsCall, InvocationRecord, Recorder } from '../contract.ts';
import type { LocalFunctionHost } from '../functions/function-host.ts';

/** Calls are in order of their start. */
export interface InvocationStory extends InvocationRecord {
  readonly durationMs: number;
  readonly calls: readonly CallInStory[];
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface CallInStory extends AwsCall {
  /** Since the invocation's start. */
  readonly offsetMs: number;
  readonly durationMs: number;
}

export interface FunctionFigures {
  readonly name: string;
  readonly environments: number;
  readonly invocations: number;
  readonly unsuccessful: number;
  readonly cold: number;
  readonly medianMs: number | undefined;
}

/** Newest first. */
export function stories(
  recorder: Recorder,
  query: { readonly functionName?: string | undefined; readonly limit: number },
): InvocationStory[] {
  const records = recorder
    .invocations()
    .filter((record) => query.functionName === undefined || record.functionName === query.functionName)
    .slice(-query.limit)
    .reverse();
  const wanted = new Set(records.map(({ id }) => id));
  const calls = Map.groupBy(
    recorder.calls().filter(({ invocationId }) => invocationId !== undefined && wanted.has(invocationId)),
    ({ invocationId }) => invocationId,
  );
  return records.map((record) => story(record, calls.get(record.id) ?? []));
}

export function functionFigures(host: LocalFunctionHost, recorder: Recorder): FunctionFigures[] {
  const byFunction = Map.groupBy(recorder.invocations(), ({ functionName }) => functionName);
  return host.definitions.map(({ name }) => {
    const records = byFunction.get(name) ?? [];
    const durations = records.map((record) => record.endedAt - record.startedAt).sort((a, b) => a - b);
    return {
      name,
      environments: host.environmentCount(name),
      invocations: records.length,
      unsuccessful: records.filter(({ outcome }) => outcome !== 'returned').length,
      cold: records.filter(({ cold }) => cold).length,
      medianMs: durations[Math.floor(durations.length / 2)],
    };
  });
}

function story(record: InvocationRecord, calls: readonly AwsCall[]): InvocationStory {
  const inOrder = [...calls].sort((a, b) => a.startedAt - b.startedAt);
  return {
    ...record,
    durationMs: record.endedAt - record.startedAt,
    readUnits: calls.reduce((sum, call) => sum + call.readUnits, 0),
    writeUnits: calls.reduce((sum, call) => sum + call.writeUnits, 0),
    calls: inOrder.map((call) => ({
      ...call,
      offsetMs: call.startedAt - record.startedAt,
      durationMs: call.endedAt - call.startedAt,
    })),
  };
}
