import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint, Caller } from '../contract.ts';
import { createRecorder } from '../recorder.ts';
import { queueUrl } from '../template/attributes.ts';
import { accountId, assemblyOf, region, resource } from './assembly-of.ts';
import { HostOfNames, temporaryDirectory } from './sample-account.ts';

const queueArn = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
const roleArn = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
const groupArn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/timers`;

function queue(name: string) {
  return { ...resource(name, 'AWS::SQS::Queue', {}, queueArn(name)), physicalId: queueUrl(region, accountId, name) };
}

function role(name: string, service: string, actions: Readonly<Record<string, string | readonly string[]>>) {
  const condition = { StringEquals: { 'aws:SourceArn': groupArn, 'aws:SourceAccount': accountId } };
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition };
  const statements = Object.entries(actions).map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
  const properties = {
    AssumeRolePolicyDocument: { Statement: [trust] },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: statements } }],
  };
  return resource(name, 'AWS::IAM::Role', properties, roleArn(name));
}

const scheduler = 'scheduler.amazonaws.com';
const assembly = assemblyOf([
  queue('due'),
  queue('dead'),
  resource('timers', 'AWS::Scheduler::ScheduleGroup', { Name: 'timers' }, groupArn),
  role('sender', scheduler, { 'sqs:SendMessage': [queueArn('due'), queueArn('dead')] }),
  role('only-dead', scheduler, { 'sqs:SendMessage': queueArn('dead') }),
  role('of-lambda', 'lambda.amazonaws.com', { 'sqs:SendMessage': queueArn('due') }),
  role('creator', 'lambda.amazonaws.com', {
    'scheduler:CreateSchedule': `arn:aws:scheduler:${region}:${accountId}:schedule/timers/*`,
    'iam:PassRole': roleArn('sender'),
  }),
]);

/** Access keys are names of roles. */
class HostOfRoles extends HostOfNames {
  override caller(accessKeyId: string): Caller | undefined {
    return { functionName: accessKeyId, roleArn: roleArn(accessKeyId), environmentId: accessKeyId };
  }
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(directory = newDirectory()) {
  const endpoint = await startAwsEndpoint({ assembly, dataDirectory: directory, recorder: createRecorder() });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= endpoint.stop());
  cleanups.push(stop);
  endpoint.setFunctions(new HostOfRoles(assembly));
  const settings = { endpoint: endpoint.url, region, credentials: endpoint.ownerCredentials, maxAttempts: 1 };
  return { endpoint, stop, directory, schedules: new SchedulerClient(settings), queues: new SQSClient(settings) };
}

function newDirectory(): string {
  const { path, remove } = temporaryDirectory();
  cleanups.push(remove);
  return path;
}

const hour = 3_600_000;

function expressionAt(at: number): string {
  return `at(${new Date(at).toISOString().slice(0, 19)})`;
}

function schedule(changes: Partial<CreateScheduleCommandInput> = {}, target = {}): CreateScheduleCommand {
  return new CreateScheduleCommand({
    Name: 'one',
    GroupName: 'timers',
    ScheduleExpression: expressionAt(Date.now() + hour),
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: { Arn: queueArn('due'), RoleArn: roleArn('sender'), Input: '{"wake":1}', ...target },
    ...changes,
  });
}

async function received(queues: SQSClient, name = 'due') {
  const QueueUrl = queueUrl(region, accountId, name);
  const { Messages: messages = [] } = await queues.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
  );
  return messages;
}

function asRole(endpoint: AwsEndpoint, name: string): SchedulerClient {
  const credentials = { accessKeyId: name, secretAccessKey: endpoint.secretAccessKey(name) };
  return new SchedulerClient({ endpoint: endpoint.url, region, credentials, maxAttempts: 1 });
}

describe('a one-time schedule', () => {
  it('sends its input to its queue when it is due, and then deletes itself', async () => {
    const { endpoint, schedules, queues } = await start();
    const { ScheduleArn: arn } = await schedules.send(schedule());
    expect(arn).toBe(`arn:aws:scheduler:${region}:${accountId}:schedule/timers/one`);
    endpoint.timers.advance(hour - 60_000);
    expect(await received(queues)).toEqual([]);
    endpoint.timers.advance(60_000);
    expect(await received(queues)).toMatchObject([{ Body: '{"wake":1}' }]);
    expect((await schedules.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    endpoint.timers.advance(hour);
    expect(await received(queues)).toEqual([]);
  });

  it('fires by itself', async () => {
    const { endpoint, schedules, queues } = await start();
    const fired = new Promise<void>((resolve) => {
      endpoint.onActivity((service, name) => {
        if (service === 'sqs' && name === 'due') resolve();
      });
    });
    // The expression has whole seconds.
    await schedules.send(schedule({ ScheduleExpression: expressionAt(Date.now() + 1_999) }));
    await fired;
    expect(await received(queues)).toHaveLength(1);
  });

  it('stays after it has fired if it does not delete itself, and does not fire again', async () => {
    const { endpoint, schedules, queues } = await start();
    await schedules.send(schedule({ ActionAfterCompletion: 'NONE' }));
    endpoint.timers.advance(2 * hour);
    endpoint.timers.advance(2 * hour);
    expect(await received(queues)).toHaveLength(1);
    const get = new GetScheduleCommand({ Name: 'one', GroupName: 'timers' });
    expect(await schedules.send(get)).toMatchObject({ State: 'ENABLED', ActionAfterCompletion: 'NONE' });
  });

  it('never fires once it is deleted, or while it is disabled', async () => {
    const { endpoint, schedules, queues } = await start();
    await schedules.send(schedule());
    await schedules.send(schedule({ Name: 'off', State: 'DISABLED' }));
    await schedules.send(new DeleteScheduleCommand({ Name: 'one', GroupName: 'timers' }));
    endpoint.timers.advance(2 * hour);
    expect(await received(queues)).toEqual([]);
    const list = await schedules.send(new ListSchedulesCommand({ GroupName: 'timers', NamePrefix: 'o' }));
    expect(list.Schedules).toMatchObject([{ Name: 'off', State: 'DISABLED' }]);
  });

  it('survives a restart', async () => {
    const { stop, schedules, directory } = await start();
    await schedules.send(schedule());
    await stop();
    const second = await start(directory);
    expect(second.endpoint.timers.pending()).toMatchObject([{ kind: 'schedule', name: 'one', body: '{"wake":1}' }]);
    second.endpoint.timers.advance(2 * hour);
    expect(await received(second.queues)).toHaveLength(1);
    await second.stop();
    expect(readFileSync(join(directory, 'schedules.jsonl'), 'utf8')).toBe('');
    expect((await start(directory)).endpoint.timers.pending()).toEqual([]);
  });

  it('goes to the dead-letter queue if its role may not send to its target', async () => {
    const { endpoint, schedules, queues } = await start();
    const target = { RoleArn: roleArn('only-dead'), DeadLetterConfig: { Arn: queueArn('dead') } };
    await schedules.send(schedule({}, target));
    endpoint.timers.advance(2 * hour);
    expect(await received(queues)).toEqual([]);
    const [letter] = await received(queues, 'dead');
    expect(letter).toMatchObject({ Body: '{"wake":1}' });
    expect(letter?.MessageAttributes?.['TARGET_ARN']).toMatchObject({ StringValue: queueArn('due') });
  });
});

describe('the creation of a schedule', () => {
  it('rejects a name that exists, but accepts a repetition with the same token', async () => {
    const { endpoint, schedules } = await start();
    await schedules.send(schedule({ ClientToken: 'first' }));
    await schedules.send(schedule({ ClientToken: 'first' }));
    await expect(schedules.send(schedule())).rejects.toThrow(
      expect.objectContaining({
        name: 'ConflictException',
        $metadata: expect.objectContaining({ httpStatusCode: 409 }),
      }),
    );
    await schedules.send(schedule({ Name: 'two' }));
    expect(endpoint.timers.pending()).toHaveLength(2);
  });

  it.each<[string, Partial<CreateScheduleCommandInput>, object, string]>([
    ['a name with a colon', { Name: 'a:b' }, {}, 'ValidationException'],
    ['a name of 65 characters', { Name: 'a'.repeat(65) }, {}, 'ValidationException'],
    ['a time in the past', { ScheduleExpression: expressionAt(Date.now() - 1000) }, {}, 'ValidationException'],
    ['a time with milliseconds', { ScheduleExpression: 'at(2099-01-01T00:00:00.000)' }, {}, 'ValidationException'],
    ['a time with a zone', { ScheduleExpression: 'at(2099-01-01T00:00:00Z)' }, {}, 'ValidationException'],
    ['an unknown time zone', { ScheduleExpressionTimezone: 'Nowhere/Else' }, {}, 'ValidationException'],
    ['an unknown group', { GroupName: 'other' }, {}, 'ResourceNotFoundException'],
    ['an empty input', {}, { Input: '' }, 'ValidationException'],
    ['a role of another service', {}, { RoleArn: roleArn('of-lambda') }, 'ValidationException'],
    ['an unknown role', {}, { RoleArn: roleArn('absent') }, 'ValidationException'],
  ])('rejects %s', async (_, changes, target, name) => {
    const { endpoint, schedules } = await start();
    await expect(schedules.send(schedule(changes, target))).rejects.toThrow(expect.objectContaining({ name }));
    expect(endpoint.timers.pending()).toEqual([]);
  });

  it('rejects a role whose trust names another group', async () => {
    const { schedules } = await start();
    await expect(schedules.send(schedule({ GroupName: 'default' }))).rejects.toThrow('assume the role');
  });

  it('needs the right to create it in its group, and to pass the role of its target', async () => {
    const { endpoint } = await start();
    const creator = asRole(endpoint, 'creator');
    const denied = (text: string) => expect.objectContaining({ name: 'AccessDeniedException', message: text });
    await creator.send(schedule());
    await expect(creator.send(schedule({ GroupName: 'default' }))).rejects.toThrow(
      denied(expect.stringContaining('scheduler:CreateSchedule') as string),
    );
    await expect(creator.send(schedule({ Name: 'two' }, { RoleArn: roleArn('only-dead') }))).rejects.toThrow(
      denied(expect.stringContaining('iam:PassRole') as string),
    );
    await expect(asRole(endpoint, 'sender').send(schedule({ Name: 'two' }))).rejects.toThrow(
      denied(expect.stringContaining('scheduler:CreateSchedule') as string),
    );
  });
});

describe('a delayed message', () => {
  const QueueUrl = queueUrl(region, accountId, 'due');

  it('is pending until its delay is over', async () => {
    const { endpoint, queues } = await start();
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }));
    const Entries = [{ Id: '0', MessageBody: 'sooner', DelaySeconds: 60 }];
    await queues.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(endpoint.timers.pending()).toMatchObject([
      { kind: 'message', name: 'due', body: 'sooner' },
      { kind: 'message', name: 'due', body: 'later' },
    ]);
    expect(await received(queues)).toEqual([]);
    endpoint.timers.advance(60_000);
    expect(await received(queues)).toMatchObject([{ Body: 'sooner' }]);
    expect(endpoint.timers.pending()).toMatchObject([{ body: 'later' }]);
    endpoint.timers.advance(840_000);
    expect(await received(queues)).toMatchObject([{ Body: 'later' }]);
  });

  it.each([-1, 901, 1.5])('is rejected with a delay of %s seconds', async (DelaySeconds) => {
    const { queues } = await start();
    const single = new SendMessageCommand({ QueueUrl, MessageBody: 'text', DelaySeconds });
    await expect(queues.send(single)).rejects.toThrow('DelaySeconds');
  });
});
