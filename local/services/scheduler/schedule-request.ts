import { scheduleTimes } from '../../sources/schedule-expression.ts';
import { textOf } from '../../text-of.ts';
import { ServiceError } from '../responses.ts';
import type { ScheduleTarget } from './schedule-store.ts';

export interface ScheduleRequest {
  readonly group: string;
  readonly clientToken: string | undefined;
  readonly expression: string;
  readonly timeZone: string;
  readonly dueAt: number;
  readonly enabled: boolean;
  readonly deletesItself: boolean;
  readonly target: ScheduleTarget;
}

const namePattern = /^[0-9a-zA-Z-_.]{1,64}$/;
const tokenPattern = /^[a-zA-Z0-9-_]{1,64}$/;
const onePattern = /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/;

export function checkName(member: string, value: string, pattern = namePattern): void {
  if (!pattern.test(value)) {
    throw invalid(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
    );
  }
}

/**
 * One-time schedules only.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function parseScheduleRequest(input: Readonly<Record<string, unknown>>, now: number): ScheduleRequest {
  const group = textOf(input['GroupName'], 'default');
  checkName('groupName', group);
  const clientToken = typeof input['ClientToken'] === 'string' ? input['ClientToken'] : undefined;
  if (clientToken !== undefined) checkName('clientToken', clientToken, tokenPattern);
  const window = input['FlexibleTimeWindow'] as { readonly Mode?: unknown } | undefined;
  if (window?.Mode !== 'OFF') {
    if (window?.Mode !== 'FLEXIBLE') throw missing('flexibleTimeWindow.mode');
    throw new ServiceError('NotImplemented', 'The local run supports no flexible time windows.', 501);
  }
  const after = textOf(input['ActionAfterCompletion'], 'NONE');
  if (after !== 'NONE' && after !== 'DELETE') throw missing('actionAfterCompletion');
  const expression = textOf(input['ScheduleExpression']);
  const timeZone = textOf(input['ScheduleExpressionTimezone'], 'UTC');
  return {
    group,
    clientToken,
    expression,
    timeZone,
    dueAt: dueTime(expression, timeZone, now),
    enabled: textOf(input['State'], 'ENABLED') === 'ENABLED',
    deletesItself: after === 'DELETE',
    target: targetOf(input['Target']),
  };
}

function dueTime(expression: string, timeZone: string, now: number): number {
  if (/^(?:rate|cron)\(/.test(expression)) {
    throw new ServiceError('NotImplemented', `The local run creates no schedule ${expression}.`, 501);
  }
  const refusal = invalid(`Invalid Schedule Expression ${expression}.`);
  if (!onePattern.test(expression)) throw refusal;
  let dueAt: number | undefined;
  try {
    dueAt = scheduleTimes(expression, timeZone, now).nextAfter(now);
  } catch {
    throw refusal;
  }
  // AWS rejects a time in the past.
  if (dueAt === undefined) throw refusal;
  return dueAt;
}

function targetOf(value: unknown): ScheduleTarget {
  const target = (value ?? {}) as Partial<ScheduleTarget>;
  const { Arn, RoleArn } = target;
  if (typeof Arn !== 'string' || !Arn.startsWith('arn:')) throw missing('target.arn');
  if (typeof RoleArn !== 'string' || !/^arn:aws[a-z-]*:iam::\d{12}:role\/.+/.test(RoleArn))
    throw missing('target.roleArn');
  if (Arn.split(':')[2] !== 'sqs') {
    throw new ServiceError('NotImplemented', `The local run delivers no created schedule to ${Arn}.`, 501);
  }
  if (typeof target.Input !== 'string' || target.Input === '') throw missing('target.input');
  return target as ScheduleTarget;
}

function missing(member: string): ServiceError {
  return invalid(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member is required or has an unknown value`,
  );
}

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 400);
}
