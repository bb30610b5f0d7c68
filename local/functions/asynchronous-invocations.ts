import { randomUUID } from 'node:crypto';
import type { Assembly, FunctionHost, InvocationOutcome } from '../contract.ts';
import { InvocationJournal } from './invocation-journal.ts';
import type { AcceptedInvocation } from './invocation-journal.ts';

export interface AsynchronousSettings {
  readonly maximumRetries: number;
  readonly maximumAgeMs: number;
  /** Destination ARN. */
  readonly onFailure?: string;
  readonly onSuccess?: string;
  /** Queue ARN. */
  readonly deadLetter?: string;
}

export interface Delivery {
  readonly functionName: string;
  readonly destinationArn: string;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface AsynchronousInvocationsOptions {
  readonly host: FunctionHost;
  readonly settings: ReadonlyMap<string, AsynchronousSettings>;
  /** Accepted invocations, for the next run. */
  readonly journalPath: string;
  readonly deliver: (delivery: Delivery) => Promise<void>;
  /** AWS waits one minute, then two. */
  readonly retryDelaysMs?: readonly number[];
  readonly log?: (line: string) => void;
}

export interface AsynchronousInvocations {
  accept(functionName: string, event: unknown, trigger: string): void;
  /** Includes invocations that wait for a retry. */
  readonly pending: number;
  onOver(listener: () => void): void;
  resume(): void;
  stop(): void;
}

const defaults: AsynchronousSettings = { maximumRetries: 2, maximumAgeMs: 6 * 3_600_000 };

export function asynchronousSettings(assembly: Assembly): Map<string, AsynchronousSettings> {
  const settings = new Map<string, AsynchronousSettings>();
  for (const resource of assembly.ofType('AWS::Lambda::Function')) {
    const queue = resource.properties['DeadLetterConfig'] as { TargetArn?: string } | undefined;
    if (queue?.TargetArn !== undefined) settings.set(resource.physicalId, { ...defaults, deadLetter: queue.TargetArn });
  }
  for (const resource of assembly.ofType('AWS::Lambda::EventInvokeConfig')) {
    const properties = resource.properties as {
      FunctionName: string;
      MaximumRetryAttempts?: number;
      MaximumEventAgeInSeconds?: number;
      DestinationConfig?: { OnFailure?: { Destination: string }; OnSuccess?: { Destination: string } };
    };
    const { OnFailure, OnSuccess } = properties.DestinationConfig ?? {};
    const name = properties.FunctionName.split(':').at(-1) ?? properties.FunctionName;
    settings.set(name, {
      ...(settings.get(name) ?? defaults),
      ...(properties.MaximumRetryAttempts === undefined ? {} : { maximumRetries: properties.MaximumRetryAttempts }),
      ...(properties.MaximumEventAgeInSeconds === undefined
        ? {}
        : { maximumAgeMs: properties.MaximumEventAgeInSeconds * 1000 }),
      ...(OnFailure === undefined ? {} : { onFailure: OnFailure.Destination }),
      ...(OnSuccess === undefined ? {} : { onSuccess: OnSuccess.Destination }),
    });
  }
  return settings;
}

/**
 * Runs each invocation at least once.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function createAsynchronousInvocations(options: AsynchronousInvocationsOptions): AsynchronousInvocations {
  const { host, settings, deliver } = options;
  const delays = options.retryDelaysMs ?? [1_000, 2_000];
  const journal = new InvocationJournal(options.journalPath);
  const timers = new Set<NodeJS.Timeout>();
  const listeners: (() => void)[] = [];
  let pending = 0;
  let stopped = false;

  function begin(invocation: AcceptedInvocation): void {
    pending += 1;
    void attempt(invocation, 1);
  }

  async function attempt(invocation: AcceptedInvocation, count: number): Promise<void> {
    const { functionName, event, trigger, acceptedAt } = invocation;
    const { maximumRetries, maximumAgeMs } = settings.get(functionName) ?? defaults;
    const outcome = await host.invoke(functionName, event, trigger);
    // Stays in the journal for the next run.
    if (stopped) return;
    if (outcome.kind === 'returned') return over(invocation, count, outcome);
    const delay = delays[Math.min(count, delays.length) - 1] ?? 0;
    if (count > maximumRetries) return over(invocation, count, outcome);
    if (Date.now() + delay - acceptedAt > maximumAgeMs) return over(invocation, count, outcome);
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(invocation, count + 1);
    }, delay);
    timers.add(timer);
  }

  async function over(invocation: AcceptedInvocation, count: number, outcome: InvocationOutcome): Promise<void> {
    for (const delivery of deliveries(invocation, count, outcome)) {
      try {
        await deliver(delivery);
      } catch (error) {
        options.log?.(`${delivery.functionName}: sending to ${delivery.destinationArn} failed: ${String(error)}`);
      }
    }
    journal.done(invocation.id);
    pending -= 1;
    for (const listener of listeners) listener();
  }

  function deliveries(invocation: AcceptedInvocation, count: number, outcome: InvocationOutcome): Delivery[] {
    const { onFailure, onSuccess, deadLetter } = settings.get(invocation.functionName) ?? defaults;
    const functionName = invocation.functionName;
    const destinationArn = outcome.kind === 'returned' ? onSuccess : onFailure;
    const result: Delivery[] = [];
    if (destinationArn !== undefined) {
      const arn = host.definitions.find((definition) => definition.name === functionName)?.arn ?? functionName;
      const body = destinationRecord(invocation, arn, count, outcome);
      result.push({ functionName, destinationArn, body, attributes: {} });
    }
    if (outcome.kind !== 'returned' && deadLetter !== undefined) {
      const { errorType, errorMessage } = errorOf(outcome);
      const attributes = { RequestID: invocation.id, ErrorCode: errorType, ErrorMessage: errorMessage.slice(0, 1024) };
      result.push({ functionName, destinationArn: deadLetter, body: invocation.event, attributes });
    }
    return result;
  }

  return {
    get pending() {
      return pending;
    },
    accept: (functionName, event, trigger) => {
      const invocation = { id: randomUUID(), functionName, event, trigger, acceptedAt: Date.now() };
      journal.accepted(invocation);
      begin(invocation);
    },
    onOver: (listener) => void listeners.push(listener),
    resume: () => {
      for (const invocation of journal.open()) begin(invocation);
    },
    stop: () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      journal.close();
    },
  };
}

function destinationRecord(
  invocation: AcceptedInvocation,
  functionArn: string,
  count: number,
  outcome: InvocationOutcome,
): object {
  const succeeded = outcome.kind === 'returned';
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invocation.id,
      functionArn: `${functionArn}:$LATEST`,
      condition: succeeded ? 'Success' : 'RetriesExhausted',
      approximateInvokeCount: count,
    },
    requestPayload: invocation.event,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(succeeded ? {} : { functionError: 'Unhandled' }),
    },
    responsePayload: succeeded ? outcome.payload : errorOf(outcome),
  };
}

export function errorOf(outcome: Exclude<InvocationOutcome, { kind: 'returned' }>): {
  errorType: string;
  errorMessage: string;
  trace?: readonly string[];
} {
  switch (outcome.kind) {
    case 'failed':
      return { errorType: outcome.errorType, errorMessage: outcome.message, trace: outcome.trace };
    case 'timed-out':
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Task timed out after ${(outcome.afterMs / 1000).toFixed(2)} seconds`,
      };
    case 'crashed':
      return { errorType: 'Runtime.ExitError', errorMessage: outcome.reason };
  }
}
