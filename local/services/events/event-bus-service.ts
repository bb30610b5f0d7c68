import { randomUUID } from 'node:crypto';
import type { Assembly, FunctionHost, Recorder, Resource, Service } from '../../contract.ts';
import type { FaultPlan } from '../../fault-plan.ts';
import type { AccessControl } from '../../iam/access-control.ts';
import { textOf } from '../../text-of.ts';
import type { Queues } from '../messaging/queue-service.ts';
import { jsonResponse, ServiceError } from '../responses.ts';
import { Archives, type BusEvent } from './archives.ts';
import { compileEventPattern } from './event-pattern.ts';
import type { EventPattern } from './event-pattern.ts';
import { targetInput } from './target-input.ts';
import type { TargetInput } from './target-input.ts';

interface BusOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly control: AccessControl;
  readonly queues: Queues;
  /** By the ARN of the encrypted resource. */
  readonly keys: ReadonlyMap<string, string>;
  /** On behalf of the bus. */
  readonly publish: (topicArn: string, message: string) => void;
  readonly functions: () => FunctionHost | undefined;
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
}

interface Target extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly matches: EventPattern;
  readonly targets: readonly Target[];
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
  readonly Time?: number | string;
}

const mostEntries = 10;
/**
 * All entries of a request together.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const mostBytes = 1024 * 1024;

export interface EventBuses {
  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
  readonly service: Service;
  /** An event of an AWS service, on the default bus. */
  readonly announce: (event: ServiceEvent) => void;
}

export interface ServiceEvent {
  /** `aws.ses` */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

export function startEventBuses(options: BusOptions): EventBuses {
  const { assembly } = options;
  const rules = Map.groupBy(rulesOf(assembly), (rule) => rule.bus);
  const buses = new Set(['default', ...assembly.ofType('AWS::Events::EventBus').map((bus) => bus.physicalId)]);

  const archives = new Archives(assembly, options.dataDirectory);

  const accept = (bus: string, event: BusEvent, hops: number, ruleArns?: ReadonlySet<string>): void => {
    const receiving = (rules.get(bus) ?? []).filter(({ arn }) => ruleArns?.has(arn) ?? true);
    const matching = receiving.filter((rule) => rule.matches(event));
    options.recorder.sink('event', { ...event, bus, rules: matching.map((rule) => rule.name) });
    for (const rule of matching) {
      const times = options.faults.deliveries?.(rule.name, event.id) ?? 1;
      for (let count = 0; count < times; count += 1) {
        for (const target of rule.targets)
          deliver(options, rule, target, event, (next) => accept(next, event, hops + 1), hops);
      }
    }
  };

  const announce = ({ source, detailType, resources, detail }: ServiceEvent): void => {
    const entry = { Source: source, DetailType: detailType, Resources: resources, Detail: JSON.stringify(detail) };
    const event = newEvent(assembly, entry);
    archives.keep('default', event);
    accept('default', event, 0);
  };

  const service: Service = async (request) => {
    if (request.operation === 'StartReplay') {
      const replay = archives.start(request.input, (bus, event, ruleArns) => accept(bus, event, 0, ruleArns));
      return jsonResponse(replay);
    }
    if (request.operation === 'DescribeReplay') {
      return jsonResponse(archives.describe(textOf(request.input['ReplayName'])));
    }
    if (request.operation !== 'PutEvents') {
      throw new ServiceError(
        'UnknownOperationException',
        `The local run does not support events:${request.operation}.`,
      );
    }
    const entries = (request.input['Entries'] ?? []) as readonly Entry[];
    checkSize(entries);
    const results = entries.map((entry, index) => {
      if (request.partialFailure === true && index % 2 === 1) {
        return { ErrorCode: 'InternalFailure', ErrorMessage: 'fault plan' };
      }
      const bus = entry.EventBusName?.split('event-bus/').at(-1) ?? 'default';
      const problem = problemOf(entry, buses.has(bus));
      if (problem !== undefined) return problem;
      const event = newEvent(assembly, entry);
      archives.keep(bus, event);
      accept(bus, event, 0);
      return { EventId: event.id };
    });
    return jsonResponse({
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results,
    });
  };
  return { service, announce };
}

function checkSize(entries: readonly Entry[]): void {
  if (entries.length === 0 || entries.length > mostEntries) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${mostEntries}`,
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > mostBytes) {
    throw new ServiceError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html, "Calculating event entry size" */
function sizeOf(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return bytes + (entry.Time === undefined ? 0 : 14);
}

function problemOf(entry: Entry, busExists: boolean): { ErrorCode: string; ErrorMessage: string } | undefined {
  const invalid = (ErrorMessage: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage });
  if (entry.Source === undefined || entry.Source === '') return invalid('Parameter Source is not valid.');
  if (entry.DetailType === undefined || entry.DetailType === '') return invalid('Parameter DetailType is not valid.');
  if (entry.Detail === undefined) return invalid('Parameter Detail is not valid.');
  if (entry.Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' };
  }
  if (!busExists) return invalid('Event bus does not exist.');
  return isObject(entry.Detail) ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

function newEvent(assembly: Assembly, entry: Entry): BusEvent {
  const time =
    entry.Time === undefined ? new Date() : new Date(typeof entry.Time === 'number' ? entry.Time * 1000 : entry.Time);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: assembly.accountId,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: assembly.region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}') as unknown,
  };
}

function rulesOf(assembly: Assembly): Rule[] {
  return assembly.ofType('AWS::Events::Rule').flatMap((resource) => {
    const { EventPattern, EventBusName, State, Targets } = resource.properties;
    if (EventPattern === undefined || State === 'DISABLED') return [];
    return [
      {
        name: nameOf(resource),
        arn: resource.arn ?? '',
        bus: textOf(EventBusName, 'default').split('event-bus/').at(-1) ?? 'default',
        matches: compileEventPattern(EventPattern),
        targets: (Targets ?? []) as readonly Target[],
      },
    ];
  });
}

function nameOf(rule: Resource): string {
  return rule.physicalId.split('|').at(-1) ?? rule.physicalId;
}

function deliver(
  options: BusOptions,
  rule: Rule,
  target: Target,
  event: BusEvent,
  forward: (bus: string) => void,
  hops: number,
): void {
  const body = targetInput(target, event, rule);
  const problem = attempt(options, rule, target, body, forward, hops);
  const deadLetters = target.DeadLetterConfig?.Arn;
  if (problem === undefined || deadLetters === undefined) return;
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  options.queues.deliver(deadLetters, {
    body: JSON.stringify(event),
    attributes: {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: problem.code,
      ERROR_MESSAGE: problem.message,
    },
  });
}

/** An encrypted queue's key policy must allow EventBridge. */
function refusedByKey(options: BusOptions, rule: Rule, target: Target): { code: string; message: string } | undefined {
  const resource = options.keys.get(target.Arn);
  if (resource === undefined) return undefined;
  for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) {
    const lookup = (key: string): string | undefined => (key === 'aws:sourcearn' ? rule.arn : undefined);
    const decision = options.control.decideForService('events.amazonaws.com', { action, resource, lookup });
    if (!decision.allowed) return { code: 'NO_PERMISSIONS', message: decision.reason };
  }
  return undefined;
}

/** AWS forwards an event once. This limit also ends loops. */
const mostHops = 2;

function attempt(
  options: BusOptions,
  rule: Rule,
  target: Target,
  body: string,
  forward: (bus: string) => void,
  hops: number,
): { code: string; message: string } | undefined {
  const [, , service = ''] = target.Arn.split(':');
  const refused = (action: string): { code: string; message: string } | undefined => {
    const lookup = (key: string): string | undefined => {
      if (key === 'aws:sourcearn') return rule.arn;
      return key === 'aws:sourceaccount' ? options.assembly.accountId : undefined;
    };
    const request = { action, resource: target.Arn, lookup };
    const decision = options.control.decideForService('events.amazonaws.com', request);
    return decision.allowed ? undefined : { code: 'NO_PERMISSIONS', message: decision.reason };
  };
  switch (service) {
    case 'sqs': {
      const refusal = refused('sqs:SendMessage') ?? refusedByKey(options, rule, target);
      if (refusal !== undefined) return refusal;
      const sent = options.queues.deliver(target.Arn, { body, messageGroupId: target.SqsParameters?.MessageGroupId });
      return sent ? undefined : { code: 'RESOURCE_NOT_FOUND', message: 'The queue does not exist.' };
    }
    case 'lambda': {
      const refusal = refused('lambda:InvokeFunction');
      if (refusal !== undefined) return refusal;
      const name = target.Arn.split(':function:').at(-1)?.split(':', 1)[0] ?? '';
      options.functions()?.invokeEvent(name, JSON.parse(body), `rule ${rule.name}`);
      return undefined;
    }
    case 'sns': {
      const refusal = refused('sns:Publish');
      if (refusal !== undefined) return refusal;
      options.publish(target.Arn, body);
      return undefined;
    }
    case 'events':
      if (hops < mostHops) forward(target.Arn.split('event-bus/').at(-1) ?? 'default');
      return undefined;
    case 'logs':
      return undefined;
    default:
      return { code: 'INVALID_PARAMETER', message: `The local run does not deliver to ${service}.` };
  }
}
