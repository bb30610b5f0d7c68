import { describe, expect, it } from 'vitest';
import { scheduleTimes } from '../sources/schedule-expression.ts';
import { createSchedules } from '../sources/schedules.ts';
import { assemblyOf, functionArn, resource } from './assembly-of.ts';
import { inProcessHost } from './in-process-host.ts';

const at = (text: string): number => Date.parse(text);
const next = (expression: string, after: string, zone = 'UTC'): string | undefined => {
  const time = scheduleTimes(expression, zone, at('2026-01-01T00:00:00Z')).nextAfter(at(after));
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('a schedule expression', () => {
  it.each([
    ['rate(1 minute)', '2026-01-01T00:00:30Z', '2026-01-01T00:01:00.000Z'],
    ['rate(5 minutes)', '2026-01-01T00:05:00Z', '2026-01-01T00:10:00.000Z'],
    ['rate(2 hours)', '2026-01-01T03:00:00Z', '2026-01-01T04:00:00.000Z'],
    ['rate(1 day)', '2026-01-01T12:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['cron(0 12 * * ? *)', '2026-03-01T12:00:00Z', '2026-03-02T12:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-03-01T12:07:00Z', '2026-03-01T12:15:00.000Z'],
    ['cron(5,35 14 * * ? *)', '2026-03-01T14:05:00Z', '2026-03-01T14:35:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-20T18:00:00Z', '2026-11-23T18:00:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-01-15T00:00:00Z', '2026-02-01T08:00:00.000Z'],
    ['cron(0 0 L * ? *)', '2026-02-03T00:00:00Z', '2026-02-28T00:00:00.000Z'],
    ['cron(0 9 15W * ? *)', '2026-08-01T00:00:00Z', '2026-08-14T09:00:00.000Z'],
    ['cron(30 6 ? JAN,JUL 1 *)', '2026-01-26T00:00:00Z', '2026-07-05T06:30:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', '2026-03-01T00:00:00Z', undefined],
    ['at(2027-05-01T10:00:00)', '2026-03-01T00:00:00Z', '2027-05-01T10:00:00.000Z'],
    ['at(2025-05-01T10:00:00)', '2026-03-01T00:00:00Z', undefined],
  ])('%s is due after %s at %s', (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  it('follows its time zone through changes of the clock', () => {
    expect(next('cron(0 9 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z');
    expect(next('cron(0 9 * * ? *)', '2026-10-24T12:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T08:00:00.000Z');
    expect(next('cron(0 0 * * ? *)', '2026-01-01T12:00:00Z', 'Asia/Kathmandu')).toBe('2026-01-01T18:15:00.000Z');
    expect(next('at(2026-07-01T12:00:00)', '2026-01-01T00:00:00Z', 'America/New_York')).toBe(
      '2026-07-01T16:00:00.000Z',
    );
  });

  it.each([
    'rate(0 minutes)',
    'rate(5 weeks)',
    'cron(0 12 * * *)',
    'cron(0 12 * * * *)',
    'cron(61 * * * ? *)',
    'daily',
  ])('is rejected if it is malformed: %s', (expression) => {
    expect(() => scheduleTimes(expression, 'UTC', 0)).toThrow();
  });
});

describe('a schedule of the template', () => {
  function schedules(allowed: boolean) {
    const host = inProcessHost({});
    const sent: object[] = [];
    const decision = () => ({ allowed, reason: 'no permission' });
    const created = createSchedules({
      assembly: assemblyOf([
        resource(
          'rule',
          'AWS::Events::Rule',
          {
            ScheduleExpression: 'rate(1 minute)',
            Targets: [
              { Id: '0', Arn: functionArn('tick') },
              { Id: '1', Arn: 'arn:aws:sqs:eu-central-1:000000000000:work', Input: '{"constant":true}' },
            ],
          },
          'arn:aws:events:eu-central-1:000000000000:rule/rule',
        ),
        resource('pattern', 'AWS::Events::Rule', { EventPattern: { source: ['x'] }, Targets: [] }),
        resource('off', 'AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }),
        resource('scheduler', 'AWS::Scheduler::Schedule', {
          ScheduleExpression: 'cron(0 3 * * ? *)',
          ScheduleExpressionTimezone: 'Europe/Berlin',
          Target: { Arn: functionArn('nightly'), RoleArn: 'arn:role', Input: '{"job":"nightly"}' },
        }),
      ]),
      aws: {
        call: async (_service, _operation, input) => {
          sent.push(input);
          return {};
        },
        mayRole: decision,
        mayService: decision,
      },
      host,
      log: () => undefined,
    });
    return { created, host, sent };
  }

  it('invokes its targets with the event of a schedule or the target’s input', async () => {
    const { created, host, sent } = schedules(true);
    expect(created.all.map(({ name }) => name)).toEqual(['rule', 'scheduler']);
    for (const schedule of created.all) await schedule.run();
    expect(host.events).toEqual([
      {
        functionName: 'tick',
        event: expect.objectContaining({
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          resources: ['arn:aws:events:eu-central-1:000000000000:rule/rule'],
          detail: {},
        }) as Record<string, unknown>,
      },
      { functionName: 'nightly', event: { job: 'nightly' } },
    ]);
    expect(sent).toEqual([expect.objectContaining({ MessageBody: '{"constant":true}' })]);
  });

  it('invokes no target without permission', async () => {
    const { created, host } = schedules(false);
    for (const schedule of created.all) await expect(schedule.run()).rejects.toThrow('no permission');
    expect(host.events).toEqual([]);
  });
});
