import { beforeEach, describe, expect, it } from 'vitest';
import type { ServiceRequest } from '../contract.ts';
import type { ServiceEvent } from '../services/events/event-bus-service.ts';
import { mailEvents } from '../services/mail-events.ts';
import { mailIdentities } from '../services/mail-identities.ts';
import { mailService } from '../services/mail-service.ts';
import { accountId, assemblyOf, region, resource } from './assembly-of.ts';

const assembly = assemblyOf([
  resource('feedback-set', 'AWS::SES::ConfigurationSet', {}),
  resource('Destination', 'AWS::SES::ConfigurationSetEventDestination', {
    ConfigurationSetName: 'feedback-set',
    EventDestination: {
      Enabled: true,
      MatchingEventTypes: ['BOUNCE', 'COMPLAINT'],
      EventBridgeDestination: { EventBusArn: `arn:aws:events:${region}:${accountId}:event-bus/default` },
    },
  }),
]);

let announced: ServiceEvent[];
let mailed: Readonly<Record<string, unknown>>[];
beforeEach(() => {
  announced = [];
  mailed = [];
});

function send(to: string, more: Readonly<Record<string, unknown>> = {}, headers: readonly object[] = []) {
  const service = mailService({
    identities: mailIdentities(assembly, undefined),
    events: mailEvents(assembly, (event) => announced.push(event)),
    region,
    mailed: (entry) => mailed.push(entry),
  });
  const content = { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hello' } }, Headers: headers };
  const input = {
    ...{ FromEmailAddress: 'us@sample.example', Destination: { ToAddresses: [to] }, Content: { Simple: content } },
    ...{ ConfigurationSetName: 'feedback-set', ...more },
  };
  return service({ operation: 'SendEmail', input } as unknown as ServiceRequest);
}

describe('a mail to the mailbox simulator', () => {
  it.each([
    ['bounce', 'Email Bounced', { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } }],
    ['suppressionlist', 'Email Bounced', { bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } }],
    ['complaint', 'Email Complaint Received', { complaint: { complaintFeedbackType: 'abuse' } }],
  ])('is answered by %s with an event that repeats its tags', async (box, detailType, detail) => {
    await send(`${box}+label@simulator.amazonses.com`, { EmailTags: [{ Name: 'tenant', Value: 't1' }] });
    expect(announced).toMatchObject([{ source: 'aws.ses', detailType, detail }]);
    expect(announced[0]?.detail).toMatchObject({
      mail: { tags: { tenant: ['t1'], 'ses:configuration-set': ['feedback-set'] } },
    });
  });

  it('leads to no event if it is delivered', async () => {
    await send('success@simulator.amazonses.com');
    expect(announced).toEqual([]);
    expect(mailed).toHaveLength(1);
  });
});

describe('SES', () => {
  it.each([
    ['an unknown configuration set', 'NotFoundException', { ConfigurationSetName: 'absent' }, []],
    ['a tag with other characters', 'BadRequestException', { EmailTags: [{ Name: 'tenant', Value: 'a b' }] }, []],
    ['a header with a line break', 'BadRequestException', {}, [{ Name: 'X-Test', Value: 'a\r\nBcc: b@c.example' }]],
  ])('refuses %s', async (_what, name, more, headers) => {
    await expect(send('ann@sample.example', more, headers)).rejects.toMatchObject({ name });
    expect(mailed).toEqual([]);
  });

  it('refuses addresses with other characters than ASCII before the @', async () => {
    await expect(send('jörg@sample.example')).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});
