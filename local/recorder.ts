import type { AwsCall, InvocationRecord, Recorder } from './contract.ts';

export interface RecorderLimits {
  readonly calls: number;
  readonly invocations: number;
  readonly sinkEntries: number;
}

const defaultLimits: RecorderLimits = { calls: 20_000, invocations: 5_000, sinkEntries: 5_000 };

/** Keeps the newest entries in memory. */
export function createRecorder(limits: Partial<RecorderLimits> = {}): Recorder {
  const { calls: callLimit, invocations: invocationLimit, sinkEntries } = { ...defaultLimits, ...limits };
  const calls = new Newest<AwsCall>(callLimit);
  const invocations = new Newest<InvocationRecord>(invocationLimit);
  const sinks = {
    mail: new Newest<Readonly<Record<string, unknown>>>(sinkEntries),
    push: new Newest<Readonly<Record<string, unknown>>>(sinkEntries),
    event: new Newest<Readonly<Record<string, unknown>>>(sinkEntries),
    request: new Newest<Readonly<Record<string, unknown>>>(sinkEntries),
  };
  return {
    call: (call) => calls.add(call),
    invocation: (record) => invocations.add(record),
    sink: (kind, entry) => sinks[kind].add(entry),
    // Calls are recorded at their end.
    calls: (since) =>
      (since === undefined ? calls.all() : calls.all().filter((call) => call.id > since)).sort((a, b) => a.id - b.id),
    invocations: () => invocations.all(),
    sinks: (kind) => sinks[kind].all(),
    clear: () => {
      calls.clear();
      invocations.clear();
      for (const sink of Object.values(sinks)) sink.clear();
    },
  };
}

/** Trimmed when a quarter over its limit, so additions take constant time on average. */
class Newest<Entry> {
  readonly #limit: number;
  #entries: Entry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit * 1.25) this.#entries = this.#entries.slice(-this.#limit);
  }

  all(): Entry[] {
    return this.#entries.slice(-this.#limit);
  }

  clear(): void {
    this.#entries = [];
  }
}
