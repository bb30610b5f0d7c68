import { randomUUID } from 'node:crypto';
import type { Assembly, AwsEndpoint, FunctionHost, Resource } from '../contract.ts';
import { targetInput } from '../services/events/target-input.ts';
import type { TargetInput } from '../services/events/target-input.ts';
import { textOf } from '../text-of.ts';
import { scheduleTimes } from './schedule-expression.ts';
import type { ScheduleTimes } from './schedule-expression.ts';

const longestTimerMs = 86_400_000;

export interface SchedulesOptions {
  readonly assembly: Assembly;
  readonly aws: Pick<AwsEndpoint, 'call' | 'mayRole' | 'mayService'>;
  readonly host: FunctionHost;
  readonly log: (line: string) => void;
}

export interface Schedule {
  readonly name: string;
  readonly expression: string;
  /** Milliseconds since 1970. */
  nextAt(): number | undefined;
  run(): Promise<void>;
}

export interface Schedules {
  readonly all: readonly Schedule[];
  start(): void;
  stop(): void;
}

interface Target extends TargetInput {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** Skips times that passed while the run was stopped. */
export function createSchedules(options: SchedulesOptions): Schedules {
  const startedAt = Date.now();
  const all = [
    ...options.assembly.ofType('AWS::Events::Rule').flatMap((rule) => ruleSchedule(rule, options, startedAt)),
    ...options.assembly
      .ofType('AWS::Scheduler::Schedule')
      .flatMap((schedule) => schedulerSchedule(schedule, options, startedAt)),
  ];
  const timers = new Map<Schedule, NodeJS.Timeout>();

  function arm(schedule: Schedule, dueAt: number | undefined): void {
    if (dueAt === undefined) return;
    const wait = Math.min(longestTimerMs, Math.max(0, dueAt - Date.now()));
    const timer = setTimeout(() => {
      if (Date.now() < dueAt) return arm(schedule, dueAt);
      schedule.run().catch((error: unknown) => options.log(`Schedule ${schedule.name}: ${String(error)}`));
      arm(schedule, schedule.nextAt());
    }, wait);
    timers.set(schedule, timer);
  }

  return {
    all,
    start: () => {
      for (const schedule of all) arm(schedule, schedule.nextAt());
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function ruleSchedule(rule: Resource, options: SchedulesOptions, startedAt: number): Schedule[] {
  const { ScheduleExpression, State, Targets } = rule.properties;
  if (typeof ScheduleExpression !== 'string' || State === 'DISABLED') return [];
  const name = rule.physicalId.split('|').at(-1) ?? rule.physicalId;
  const arn = rule.arn ?? '';
  const run = async (): Promise<void> => {
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: options.assembly.accountId,
      time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      region: options.assembly.region,
      resources: [arn],
      detail: {},
    };
    for (const target of (Targets ?? []) as readonly Target[]) {
      const allowed = (action: string) => options.aws.mayService('events.amazonaws.com', action, target.Arn, arn);
      await deliver(target.Arn, targetInput(target, event, { name, arn }), `schedule ${name}`, allowed, options);
    }
  };
  return [schedule(name, ScheduleExpression, scheduleTimes(ScheduleExpression, 'UTC', startedAt), run)];
}

function schedulerSchedule(resource: Resource, options: SchedulesOptions, startedAt: number): Schedule[] {
  const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } = resource.properties;
  if (State === 'DISABLED') return [];
  const name = resource.physicalId;
  const target = Target as Target;
  const expression = textOf(ScheduleExpression);
  const run = async (): Promise<void> => {
    const allowed = (action: string) => options.aws.mayRole(target.RoleArn ?? '', action, target.Arn);
    await deliver(target.Arn, target.Input ?? '{}', `schedule ${name}`, allowed, options);
  };
  const times = scheduleTimes(expression, textOf(ScheduleExpressionTimezone, 'UTC'), startedAt);
  return [schedule(name, expression, times, run)];
}

function schedule(name: string, expression: string, times: ScheduleTimes, run: () => Promise<void>): Schedule {
  return { name, expression, nextAt: () => times.nextAfter(Date.now()), run };
}

async function deliver(
  arn: string,
  input: string,
  trigger: string,
  allowed: (action: string) => { readonly allowed: boolean; readonly reason: string },
  { assembly, aws, host }: SchedulesOptions,
): Promise<void> {
  const demand = (action: string): void => {
    const decision = allowed(action);
    if (!decision.allowed) throw new Error(decision.reason);
  };
  const service = arn.split(':')[2];
  if (service === 'lambda') {
    demand('lambda:InvokeFunction');
    host.invokeEvent(arn.split(':')[6] ?? '', JSON.parse(input), trigger);
  } else if (service === 'sqs') {
    demand('sqs:SendMessage');
    await aws.call('sqs', 'SendMessage', { QueueUrl: assembly.byArn(arn)?.physicalId, MessageBody: input });
  } else {
    throw new Error(`The local run does not deliver schedules to ${arn}.`);
  }
}
