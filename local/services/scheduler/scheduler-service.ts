import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Assembly, PendingTimer, Service, ServiceRequest } from '../../contract.ts';
import type { AccessControl } from '../../iam/access-control.ts';
import type { RunClock } from '../../run-clock.ts';
import type { Queues } from '../messaging/queue-service.ts';
import { jsonResponse, ServiceError } from '../responses.ts';
import { checkName, invalid, parseScheduleRequest } from './schedule-request.ts';
import { type StoredSchedule, ScheduleStore } from './schedule-store.ts';

export interface SchedulerOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly control: AccessControl;
  readonly queues: Queues;
  readonly clock: RunClock;
}

export interface Scheduler {
  readonly service: Service;
  pending(): readonly PendingTimer[];
  /** Also after the clock was advanced. */
  fireDue(): void;
  stop(): void;
}

const longestTimerMs = 86_400_000;

/**
 * Fires schedules on time, where AWS takes up to 60 seconds. After a start, fires what was due meanwhile.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { assembly, dataDirectory, clock } = options;
  const store = new ScheduleStore(join(dataDirectory, 'schedules.jsonl'));
  const groups = new Map(
    assembly.ofType('AWS::Scheduler::ScheduleGroup').map(({ physicalId, arn = '' }) => [physicalId, arn]),
  );
  groups.set('default', groupArn(assembly, 'default'));
  let timer: NodeJS.Timeout | undefined;

  const fireDue = (): void => {
    for (const schedule of store.pending()) {
      if (schedule.dueAt > clock.now()) break;
      deliver(options, schedule);
      store.fired(schedule);
    }
    arm();
  };
  const arm = (): void => {
    clearTimeout(timer);
    const [next] = store.pending();
    if (next === undefined) return;
    timer = setTimeout(fireDue, Math.min(longestTimerMs, Math.max(0, next.dueAt - clock.now())));
    timer.unref();
  };
  arm();

  const operations: Readonly<Record<string, (request: ServiceRequest, name: string, group: string) => unknown>> = {
    CreateSchedule: (request, name) => {
      const answer = create(options, groups, store, name, request.input);
      arm();
      return answer;
    },
    GetSchedule: (_request, name, group) => detailsOf(existing(assembly, store, name, group)),
    DeleteSchedule: (_request, name, group) => {
      store.delete(existing(assembly, store, name, group).arn);
      arm();
      return {};
    },
    ListSchedules: ({ query }) => {
      const [group, prefix] = [query.get('ScheduleGroup'), query.get('NamePrefix') ?? ''];
      const found = store.all().filter((schedule) => schedule.name.startsWith(prefix));
      return { Schedules: found.filter((schedule) => group === null || schedule.group === group).map(summaryOf) };
    },
  };

  return {
    service: async (request) => {
      const operation = operations[request.operation];
      if (operation === undefined) {
        throw new ServiceError('NotImplemented', `The local run does not support scheduler:${request.operation}.`, 501);
      }
      const name = scheduleNameOf(request.path);
      const group = request.query.get('groupName') ?? 'default';
      return Promise.resolve(jsonResponse(operation(request, name, group), 200, 'application/json'));
    },
    pending: () =>
      store.pending().map(({ name, dueAt, target }) => ({ kind: 'schedule', name, dueAt, body: target.Input ?? '' })),
    fireDue,
    stop: () => {
      clearTimeout(timer);
      store.close();
    },
  };
}

export function scheduleNameOf(path: string): string {
  return decodeURIComponent(path.split('/')[2] ?? '');
}

function create(
  { assembly, control, clock }: SchedulerOptions,
  groups: ReadonlyMap<string, string>,
  store: ScheduleStore,
  name: string,
  input: Readonly<Record<string, unknown>>,
): { readonly ScheduleArn: string } {
  checkName('name', name);
  const createdAt = clock.now();
  const { clientToken = randomUUID(), ...request } = parseScheduleRequest(input, createdAt);
  const ofGroup = groups.get(request.group);
  if (ofGroup === undefined) throw notFound(`Schedule group ${request.group} does not exist.`);
  const arn = scheduleArn(assembly, request.group, name);
  const earlier = store.get(arn);
  if (earlier?.clientToken === clientToken) return { ScheduleArn: arn };
  if (earlier !== undefined) throw new ServiceError('ConflictException', `Schedule ${name} already exists.`, 409);
  // The source is the group.
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  const values: Readonly<Record<string, string>> = {
    'aws:sourcearn': ofGroup,
    'aws:sourceaccount': assembly.accountId,
  };
  const assumption = {
    action: 'sts:AssumeRole',
    resource: request.target.RoleArn,
    lookup: (key: string) => values[key],
  };
  if (!control.decideForService('scheduler.amazonaws.com', assumption).allowed) {
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
  store.put({ ...request, name, arn, clientToken, createdAt });
  return { ScheduleArn: arn };
}

function existing(assembly: Assembly, store: ScheduleStore, name: string, group: string): StoredSchedule {
  const schedule = store.get(scheduleArn(assembly, group, name));
  if (schedule === undefined) throw notFound(`Schedule ${name} does not exist.`);
  return schedule;
}

/** AWS retries for a day. Rights and queues do not change during a run, so it would not help here. */
function deliver({ control, queues }: SchedulerOptions, { arn, target }: StoredSchedule): void {
  const send = (queueArn: string, attributes: Readonly<Record<string, string>>): string | undefined => {
    const request = { action: 'sqs:SendMessage', resource: queueArn, lookup: () => undefined };
    const decision = control.decide({ roleArn: target.RoleArn, sessionName: 'scheduler' }, request);
    if (!decision.allowed) return decision.reason;
    return queues.deliver(queueArn, { body: target.Input ?? '', attributes }) ? undefined : 'The queue does not exist.';
  };
  const problem = send(target.Arn, {});
  const deadLetters = target.DeadLetterConfig?.Arn;
  if (problem === undefined || deadLetters === undefined) return;
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
  send(deadLetters, { ERROR_MESSAGE: problem, SCHEDULE_ARN: arn, TARGET_ARN: target.Arn });
}

function scheduleArn({ region, accountId }: Assembly, group: string, name: string): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
}

function groupArn({ region, accountId }: Assembly, group: string): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule-group/${group}`;
}

function summaryOf({ arn, name, group, enabled, createdAt, target }: StoredSchedule): object {
  return {
    Arn: arn,
    Name: name,
    GroupName: group,
    State: enabled ? 'ENABLED' : 'DISABLED',
    CreationDate: createdAt / 1000,
    LastModificationDate: createdAt / 1000,
    Target: { Arn: target.Arn },
  };
}

function detailsOf(schedule: StoredSchedule): object {
  return {
    ...summaryOf(schedule),
    ActionAfterCompletion: schedule.deletesItself ? 'DELETE' : 'NONE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    Target: schedule.target,
  };
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404);
}
