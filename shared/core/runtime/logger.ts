import { config } from './config.ts';

/** The closed list keeps message text, tokens and contact data out of logs. */
export interface LogFields {
  readonly requestId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly userId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly operation?: string | undefined;
  readonly status?: number | undefined;
  readonly problem?: string | undefined;
  readonly latencyMs?: number | undefined;
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly count?: number | undefined;
  readonly seq?: number | undefined;
}

export type LogLevel = 'info' | 'warn' | 'error';

export function log(level: LogLevel, event: string, fields: LogFields = {}, error?: unknown): void {
  writeLine(level, new Date(), { event, ...fields, ...(error === undefined ? {} : { error: describeError(error) }) });
}

/**
 * Lambda filters lines by `level`, but gives a line without an RFC 3339 `timestamp` the level INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function writeLine(level: LogLevel, at: Date, members: object): void {
  const line = { ...members, timestamp: at.toISOString(), level, function: config.functionName };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

interface ErrorDescription {
  readonly name: string;
  readonly stack: readonly string[];
  readonly cause?: ErrorDescription;
}

/** Omits messages, because vendors' errors may quote data. A plain `Error` comes from this project, without data. */
function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const name = error.name === 'Error' ? `Error: ${error.message}` : error.name;
  return {
    name,
    stack: frames.slice(0, 8).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
