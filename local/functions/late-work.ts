import type { AwsCall, InvocationRecord, Recorder } from '../contract.ts';

export interface LateWork {
  readonly functionName: string;
  readonly invocationId: string;
  readonly message: string;
}

export interface LateWorkWatch {
  watch(recorder: Recorder): Recorder;
  add(late: LateWork): void;
  all(): readonly LateWork[];
}

const rememberedInvocations = 5_000;
const keptNotices = 200;

/** AWS freezes the environment after the response, so unawaited calls may be lost or late. */
export function createLateWorkWatch(noticed: (late: LateWork) => void): LateWorkWatch {
  const finished = new Map<string, InvocationRecord>();
  let notices: LateWork[] = [];

  function add(late: LateWork): void {
    notices.push(late);
    if (notices.length > keptNotices) notices = notices.slice(-keptNotices / 2);
    noticed(late);
  }

  function check(call: AwsCall): void {
    const record = call.invocationId === undefined ? undefined : finished.get(call.invocationId);
    if (record === undefined || record.endedAt >= call.endedAt) return;
    // A killed invocation could not await its calls.
    if (record.outcome === 'timed-out' || record.outcome === 'crashed') return;
    const message =
      `${call.service}:${call.operation} was answered after the invocation had returned. On AWS the environment is ` +
      `frozen by then and the answer may never be read: await the call.`;
    (record.logs as string[]).push(message);
    add({ functionName: call.functionName, invocationId: record.id, message });
  }

  return {
    watch: (recorder) => ({
      ...recorder,
      call: (call) => {
        recorder.call(call);
        check(call);
      },
      invocation: (record) => {
        recorder.invocation(record);
        finished.set(record.id, record);
        if (finished.size <= rememberedInvocations) return;
        const oldest = finished.keys().next().value;
        if (oldest !== undefined) finished.delete(oldest);
      },
      clear: () => {
        recorder.clear();
        notices = [];
      },
    }),
    add,
    all: () => notices,
  };
}
