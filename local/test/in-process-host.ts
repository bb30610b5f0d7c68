import type { FunctionHost, InvocationOutcome } from '../contract.ts';

export type TestFunction = (event: never) => unknown;

export interface Invocation {
  readonly functionName: string;
  readonly event: Record<string, unknown>;
}

/** Events and answers pass through JSON. */
export function inProcessHost(functions: Readonly<Record<string, TestFunction>>): FunctionHost & {
  readonly invocations: Invocation[];
  readonly events: Invocation[];
} {
  const invocations: Invocation[] = [];
  const events: Invocation[] = [];
  return {
    definitions: [],
    invocations,
    events,
    invoke: async (name, event): Promise<InvocationOutcome> => {
      const functionName = name.split(':').at(-1) ?? name;
      const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
      invocations.push({ functionName, event: copy });
      try {
        const result = await functions[functionName]?.(copy as never);
        return { kind: 'returned', payload: JSON.parse(JSON.stringify(result ?? null)) as unknown };
      } catch (error) {
        const { name: errorType, message } = error as Error;
        return { kind: 'failed', errorType, message, trace: [] };
      }
    },
    invokeEvent: (name, event) => {
      events.push({ functionName: name, event: event as Record<string, unknown> });
    },
    caller: () => undefined,
    kill: () => undefined,
    recycle: async () => undefined,
    stop: async () => undefined,
  };
}
