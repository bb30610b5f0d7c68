import { randomUUID } from 'node:crypto';
import type { Assembly, Resource } from '../contract.ts';
import type { ServiceEvent } from './events/event-bus-service.ts';

export interface SentMail {
  readonly configurationSet: string;
  readonly messageId: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly tags: readonly (readonly [name: string, value: string])[];
}

export interface MailEvents {
  hasSet(name: string): boolean;
  /** What the recipients' servers answer. Only the addresses of the mailbox simulator bounce or complain. */
  publish(mail: SentMail): void;
}

interface EventDestination {
  readonly Enabled?: boolean;
  readonly MatchingEventTypes?: readonly string[];
  readonly EventBridgeDestination?: { readonly EventBusArn?: string };
}

type EventType = 'BOUNCE' | 'COMPLAINT' | 'DELIVERY' | 'SEND';

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html */
const detailTypes: Readonly<Record<EventType, string>> = {
  SEND: 'Email Sent',
  DELIVERY: 'Email Delivered',
  BOUNCE: 'Email Bounced',
  COMPLAINT: 'Email Complaint Received',
};

/** The text after `+` is a label. https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const simulated = /^([a-z]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

export function mailEvents(assembly: Assembly, announce: (event: ServiceEvent) => void): MailEvents {
  const sets = new Set(assembly.ofType('AWS::SES::ConfigurationSet').map(({ physicalId }) => physicalId));
  const destinations = Map.groupBy(
    assembly.ofType('AWS::SES::ConfigurationSetEventDestination').filter(isEnabled),
    ({ properties }) => String(properties['ConfigurationSetName']),
  );
  const { region, accountId } = assembly;
  const send = (type: EventType, mail: SentMail, more: object): void => {
    for (const destination of destinations.get(mail.configurationSet) ?? []) {
      const { MatchingEventTypes: types = [], EventBridgeDestination: bridge } = destinationOf(destination);
      if (bridge === undefined || !types.some((wanted) => wanted.toUpperCase() === type)) continue;
      // Only the default bus is supported.
      // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_EventBridgeDestination.html
      if (bridge.EventBusArn?.endsWith(':event-bus/default') !== true) {
        throw new Error('SES publishes events to the default event bus only.');
      }
      announce({
        source: 'aws.ses',
        detailType: detailTypes[type],
        resources: [`arn:aws:ses:${region}:${accountId}:configuration-set/${mail.configurationSet}`],
        detail: { eventType: eventName(type), mail: headOf(mail, accountId), ...more },
      });
    }
  };
  return {
    hasSet: (name) => sets.has(name),
    publish: (mail) => {
      send('SEND', mail, { send: {} });
      for (const recipient of mail.recipients) {
        const box = simulated.exec(recipient)?.[1]?.toLowerCase();
        const timestamp = new Date().toISOString();
        if (box === 'bounce' || box === 'suppressionlist') {
          send('BOUNCE', mail, { bounce: bounceOf(recipient, box === 'bounce' ? 'General' : 'Suppressed', timestamp) });
          continue;
        }
        send('DELIVERY', mail, { delivery: { timestamp, recipients: [recipient] } });
        if (box === 'complaint') send('COMPLAINT', mail, { complaint: complaintOf(recipient, timestamp) });
      }
    },
  };
}

function destinationOf({ properties }: Resource): EventDestination {
  return properties['EventDestination'] as EventDestination;
}

function isEnabled(resource: Resource): boolean {
  return destinationOf(resource).Enabled === true;
}

function eventName(type: EventType): string {
  return type.charAt(0) + type.slice(1).toLowerCase();
}

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
function headOf({ configurationSet, messageId, from, recipients, tags }: SentMail, accountId: string): object {
  const own = Object.fromEntries(tags.map(([name, value]) => [name, [value]]));
  return {
    timestamp: new Date().toISOString(),
    messageId,
    source: from,
    sendingAccountId: accountId,
    destination: recipients,
    tags: { ...own, 'ses:configuration-set': [configurationSet] },
  };
}

function bounceOf(emailAddress: string, bounceSubType: string, timestamp: string): object {
  const recipient = { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' };
  return {
    bounceType: 'Permanent',
    bounceSubType,
    bouncedRecipients: [recipient],
    timestamp,
    feedbackId: randomUUID(),
    reportingMTA: 'dsn; simulator',
  };
}

function complaintOf(emailAddress: string, timestamp: string): object {
  return {
    complainedRecipients: [{ emailAddress }],
    timestamp,
    feedbackId: randomUUID(),
    complaintFeedbackType: 'abuse',
  };
}
