import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '../../local/services/events/event-pattern.ts';
import { eventPatternOf } from '../../lib/events/consumer.ts';
import { functionDefinitions } from '../../lib/functions/definitions.ts';
import { consumers } from '../../shared/contract/events/consumers.ts';
import { busEvents, messageCreatedEvent, messageDeletedEvent } from '../../shared/contract/events/events.ts';
import { keys, logSortKey } from '../../shared/core/table/keys.ts';
import { wakeAttribute } from '../../shared/core/table/schema.ts';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('dev');
const { events } = stage.templates;
const resources = (type: string) => Object.values(events.findResources(type)) as Resource[];
const mappings = resources('AWS::Lambda::EventSourceMapping');
const streamMappings = mappings.filter((mapping) => asText(mapping.Properties['EventSourceArn']).includes('Stream'));
const queueMappings = mappings.filter((mapping) => !streamMappings.includes(mapping));
const collects = ({ Properties }: Resource) => Properties['MaximumBatchingWindowInSeconds'] !== undefined;
const streamMapping = streamMappings.find((mapping) => !collects(mapping));
const queues = Object.entries(events.findResources('AWS::SQS::Queue')) as [string, Resource][];
const isDeadLetterQueue = (queue: Resource) => String(queue.Properties['QueueName']).endsWith('-dead');

const queueReaders = [
  ...consumers.map(({ name }) => name),
  ...(['run-timers', 'run-lanes', 'record-mail-feedback'] as const),
];

/** Failed wake-ups of timers return within seconds. */
const attempts: Readonly<Record<string, number>> = {
  'switchboard-dev-run-timers': 30,
  'switchboard-dev-run-lanes': 10,
};

const { Filters: filters } = streamMapping?.Properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
const patterns = filters.map(({ Pattern }) => compileEventPattern(JSON.parse(Pattern)));

/** @param image - of the item after the change. */
function matches(sortKey: string, eventName: string, image: Readonly<Record<string, object>> = {}): boolean {
  const record = { eventName, dynamodb: { Keys: { pk: { S: 'any' }, sk: { S: sortKey } }, NewImage: image } };
  return patterns.some((matchesPattern) => matchesPattern(record));
}

describe('the table’s stream', () => {
  it('sends new log entries, groups, outbox items and changes of presence to the projector, and nothing else', () => {
    expect(matches(logSortKey(42), 'INSERT')).toBe(true);
    expect(matches(keys.outbox('01J').sk, 'INSERT')).toBe(true);
    expect(matches(logSortKey(42), 'REMOVE')).toBe(false);
    for (const change of ['INSERT', 'MODIFY']) {
      expect(matches(keys.conversation('c').sk, change, { kind: { S: 'group' } })).toBe(true);
      expect(matches(keys.conversation('c').sk, change, { kind: { S: 'direct' } })).toBe(false);
    }
    const leases = keys.userLeases('u').sk;
    for (const change of ['INSERT', 'MODIFY']) expect(matches(leases, change, { newsAt: { N: '1' } })).toBe(true);
    expect(matches(leases, 'MODIFY', { expiresAt: { N: '1' } })).toBe(false);
    for (const sk of [leases, keys.attachmentDue('a').sk]) expect(matches(sk, 'REMOVE')).toBe(true);
    expect(matches(keys.attachmentDue('a').sk, 'INSERT')).toBe(false);
    const ignored = [
      keys.tenantSettings(),
      keys.user('u'),
      keys.userAccess('u'),
      keys.userConnections('u'),
      keys.session('u', 's'),
      keys.membership('u', 'c'),
      keys.uniqueEmail('h'),
      keys.conversation('c'),
      keys.conversationSummary('c'),
      keys.progress('c', 'u'),
      keys.directPair('a', 'b'),
      keys.attempts('b'),
    ];
    for (const { sk } of ignored) expect(matches(sk, 'INSERT'), sk).toBe(false);
  });

  it('sends every item with a timer to the projector, but not its removal', () => {
    const image = { [wakeAttribute]: { N: '1796032800000' } };
    for (const { sk } of [keys.conversation('c'), keys.userAccess('u')]) {
      for (const change of ['INSERT', 'MODIFY']) expect(matches(sk, change, image)).toBe(true);
      expect(matches(sk, 'REMOVE')).toBe(false);
    }
  });

  it('uses at most the five filters that a mapping accepts by default', () => {
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    for (const mapping of mappings) {
      const { Filters: used = [] } = (mapping.Properties['FilterCriteria'] ?? {}) as { Filters?: object[] };
      expect(used.length).toBeLessThanOrEqual(5);
    }
  });

  it('is read from its first record, in order, with a limit of attempts for a bad record', () => {
    // DynamoDB supports two readers of a stream.
    expect(streamMappings.length).toBe(2);
    for (const mapping of streamMappings) {
      expect(mapping.Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10,
      });
    }
  });

  it('is read to its end after any interruption of a mapping', () => {
    // With a maximum age, Lambda discards older records without an attempt.
    for (const mapping of streamMappings) expect(mapping.Properties['MaximumRecordAgeInSeconds'] ?? -1).toBe(-1);
  });

  it('sends only new log entries to the function that signs checkpoints, batched for five minutes', () => {
    const properties = streamMappings.find(collects)?.Properties ?? {};
    expect(properties['MaximumBatchingWindowInSeconds']).toBe(300);
    const { Filters } = properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
    const isCollected = compileEventPattern(JSON.parse(Filters[0]?.Pattern ?? ''));
    const record = (eventName: string, sk: string) => ({ eventName, dynamodb: { Keys: { sk: { S: sk } } } });
    expect(Filters.length).toBe(1);
    expect(isCollected(record('INSERT', logSortKey(42)))).toBe(true);
    expect(isCollected(record('MODIFY', logSortKey(42)))).toBe(false);
    expect(isCollected(record('INSERT', keys.outbox('01J').sk))).toBe(false);
  });

  it('records changes that could not be projected', () => {
    const destination = asText(streamMapping?.Properties['DestinationConfig']);
    const [id] =
      queues.find(([, queue]) => queue.Properties['QueueName'] === 'switchboard-dev-stream-projector-dead') ?? [];
    expect(id).toBeDefined();
    expect(destination).toContain(id);
  });
});

describe('each queue', () => {
  it('encrypts its messages and rejects unencrypted connections', () => {
    for (const [id, queue] of queues) {
      expect(queue.Properties['SqsManagedSseEnabled'], id).toBe(true);
      const policies = resources('AWS::SQS::QueuePolicy').filter((policy) =>
        asText(policy.Properties['Queues']).includes(id),
      );
      expect(asText(policies.map((policy) => policy.Properties['PolicyDocument']))).toContain(
        '"aws:SecureTransport":"false"',
      );
    }
  });

  it('moves messages that keep failing to a dead-letter queue with 14 days of retention', () => {
    for (const [, queue] of queues) {
      if (isDeadLetterQueue(queue)) expect(queue.Properties['MessageRetentionPeriod']).toBe(14 * 24 * 60 * 60);
      const most = attempts[String(queue.Properties['QueueName'])] ?? 5;
      if (!isDeadLetterQueue(queue)) expect(queue.Properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: most });
    }
    expect(queues.filter(([, queue]) => isDeadLetterQueue(queue)).length).toBe(
      queueReaders.length + streamMappings.length,
    );
  });

  it('hides a message for six times the timeout of its consumer', () => {
    for (const name of queueReaders) {
      const [, queue] =
        queues.find(([, resource]) => resource.Properties['QueueName'] === `switchboard-dev-${name}`) ?? [];
      expect(queue?.Properties['VisibilityTimeout']).toBe(6 * functionDefinitions[name].timeoutSeconds);
    }
  });

  it('retries failed messages individually', () => {
    expect(queueMappings.length).toBe(queueReaders.length);
    for (const mapping of queueMappings) {
      expect(mapping.Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });
});

describe('the pattern of a consumer', () => {
  const event = (type: string, data: object = {}) => ({ 'detail-type': type, detail: { type, data } });
  const matcher = (definition: Parameters<typeof eventPatternOf>[0]) => {
    const { detailType, ...rest } = eventPatternOf(definition);
    return compileEventPattern({ 'detail-type': detailType, ...rest });
  };
  const events = [messageCreatedEvent, messageDeletedEvent];
  const filters = { 'message.created': [{ mentionedIds: [{ exists: true }] }] };

  it('filters the types that have a filter and no others', () => {
    const matches = matcher({ events, filters });
    expect(matches(event('message.created'))).toBe(false);
    expect(matches(event('message.created', { mentionedIds: ['someone'] }))).toBe(true);
    expect(matches(event('message.deleted'))).toBe(true);
    expect(matches(event('message.updated', { mentionedIds: ['someone'] }))).toBe(false);
  });

  it('matches every event of its types when it has no filter', () => {
    const matches = matcher({ events, filters: {} });
    expect(['message.created', 'message.deleted', 'message.updated'].map((type) => matches(event(type)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('matches an event that matches one of several patterns', () => {
    const patterns = [{ mentionedIds: [{ exists: true }] }, { seq: [7] }];
    const matches = matcher({ events: [messageCreatedEvent], filters: { 'message.created': patterns } });
    const cases = [{ mentionedIds: ['someone'], seq: 8 }, { seq: 7 }, { seq: 8 }];
    expect(cases.map((data) => matches(event('message.created', data)))).toEqual([true, true, false]);
  });

  it('matches only events of tenants that use the sink of the consumer', () => {
    for (const used of [{}, filters, { ...filters, 'message.deleted': [{ seq: [7] }] }]) {
      const matches = matcher({ events, filters: used, sink: 'webhooks' });
      const mentioning = event('message.created', { mentionedIds: ['someone'] });
      const withSinks = (sinks: readonly string[]) => ({ ...mentioning, detail: { ...mentioning.detail, sinks } });
      expect(matches(withSinks(['push', 'webhooks']))).toBe(true);
      expect(matches(withSinks(['push']))).toBe(false);
      expect(matches(mentioning)).toBe(false);
    }
  });

  it('applies every filter when all types have one', () => {
    const matches = matcher({ events, filters: { ...filters, 'message.deleted': [{ seq: [7] }] } });
    expect(matches(event('message.deleted', { seq: 8, mentionedIds: ['someone'] }))).toBe(false);
    expect(matches(event('message.deleted', { seq: 7 }))).toBe(true);
    expect(matches(event('message.created', { seq: 7 }))).toBe(false);
  });
});

const isOfOwnBus = ({ Properties }: Resource) => Properties['EventBusName'] !== undefined;

describe('the bus', () => {
  it('sends each consumer the events that it handles, under the names of the contract', () => {
    const types = resources('AWS::Events::Rule')
      .filter(isOfOwnBus)
      .map((rule) => (rule.Properties['EventPattern'] as { 'detail-type': string[] })['detail-type']);
    expect(types.sort()).toEqual(consumers.map(({ events: handled }) => handled.map(({ type }) => type)).sort());
    const eventTypes: string[] = busEvents.map((event) => event.type);
    for (const type of types.flat()) expect(eventTypes).toContain(type);
  });

  it('sends messages to the function that notifies users only if they mention someone', () => {
    const rule = resources('AWS::Events::Rule').find((each) => each.Properties['Name'] === 'switchboard-dev-notify');
    const matches = compileEventPattern(rule?.Properties['EventPattern']);
    const message = (data: object) => ({ 'detail-type': 'message.created', detail: { type: 'message.created', data } });
    expect(matches(message({ seq: 1, mentionedIds: ['someone'] }))).toBe(true);
    expect(matches(message({ seq: 1 }))).toBe(false);
    expect(matches({ ...message({ mentionedIds: ['someone'] }), 'detail-type': 'message.updated' })).toBe(false);
  });

  it('retries a queue for a day, then sends the event to the dead-letter queue', () => {
    for (const rule of resources('AWS::Events::Rule')) {
      for (const target of rule.Properties['Targets'] as Record<string, unknown>[]) {
        expect(target['RetryPolicy']).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
        expect(target).toHaveProperty('DeadLetterConfig');
      }
    }
  });

  it('may send to a queue only by the rule of that queue', () => {
    const statements = resources('AWS::SQS::QueuePolicy').flatMap(
      (policy) =>
        (
          policy.Properties['PolicyDocument'] as {
            Statement: { Effect: string; Principal: unknown; Condition?: unknown }[];
          }
        ).Statement,
    );
    const granted = statements.filter((statement) => statement.Effect === 'Allow');
    expect(granted.length).toBeGreaterThanOrEqual(consumers.length);
    for (const statement of granted) {
      expect(statement.Principal).toEqual({ Service: 'events.amazonaws.com' });
      expect(asText(statement.Condition)).toMatch(/aws:SourceArn/);
    }
  });
});

describe('the feedback of SES', () => {
  it('reaches its queue from the default bus only for mails with the configuration set of the stage', () => {
    const [rule] = resources('AWS::Events::Rule').filter((each) => !isOfOwnBus(each));
    const matches = compileEventPattern(rule?.Properties['EventPattern']);
    const event = (detailType: string, set: string) => ({
      source: 'aws.ses',
      'detail-type': detailType,
      detail: { mail: { tags: { 'ses:configuration-set': [set] } } },
    });
    expect(matches(event('Email Bounced', 'switchboard-dev'))).toBe(true);
    expect(matches(event('Email Complaint Received', 'switchboard-dev'))).toBe(true);
    expect(matches(event('Email Delivered', 'switchboard-dev'))).toBe(false);
    expect(matches(event('Email Bounced', 'switchboard-prod'))).toBe(false);
  });

  it('comes for bounces and complaints, and the account suppresses no address', () => {
    const [destination] = resources('AWS::SES::ConfigurationSetEventDestination');
    expect(destination?.Properties['EventDestination']).toMatchObject({
      Enabled: true,
      MatchingEventTypes: ['BOUNCE', 'COMPLAINT'],
    });
    expect(asText(destination?.Properties['EventDestination'])).toContain(':event-bus/default');
    const [set] = resources('AWS::SES::ConfigurationSet');
    expect(set?.Properties['SuppressionOptions']).toEqual({ SuppressedReasons: [] });
  });
});

describe('the schedules of timers', () => {
  const [role] = resources('AWS::IAM::Role').filter(({ Properties }) =>
    asText(Properties['AssumeRolePolicyDocument']).includes('scheduler.amazonaws.com'),
  );
  const [group] = Object.entries(events.findResources('AWS::Scheduler::ScheduleGroup'));
  const statements = resources('AWS::IAM::Policy').flatMap(
    ({ Properties }) =>
      (Properties['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown; Condition?: unknown }[] })
        .Statement,
  );

  it('belongs to a group of the stage', () => {
    expect((group?.[1] as Resource).Properties['Name']).toBe('switchboard-dev');
  });

  it('lets only schedules of the group assume the role that sends to the queue', () => {
    const { Statement } = role?.Properties['AssumeRolePolicyDocument'] as { Statement: { Condition: object }[] };
    expect(Statement.length).toBe(1);
    expect(asText(Statement[0]?.Condition)).toMatch(/aws:SourceArn.*TimersGroup/);
    const sends = statements.find(
      ({ Action, Resource: target }) => Action === 'sqs:SendMessage' && Array.isArray(target),
    );
    expect(sends?.Resource).toHaveLength(2);
  });

  it('lets the projector create schedules in the group, and pass them this role', () => {
    const creates = statements.filter(({ Action }) => Action === 'scheduler:CreateSchedule');
    expect(creates.length).toBe(1);
    expect(asText(creates[0]?.Resource)).toContain(':schedule/switchboard-dev/*');
    const passes = statements.filter(({ Action }) => Action === 'iam:PassRole');
    expect(passes.length).toBe(1);
    expect(passes[0]?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
  });
});
