import { randomUUID } from 'node:crypto';
import type { Service } from '../contract.ts';
import type { MailEvents } from './mail-events.ts';
import { mailAddress, recipientsOf } from './mail-identities.ts';
import type { MailIdentities } from './mail-identities.ts';
import { textOf } from '../text-of.ts';
import { jsonResponse, ServiceError } from './responses.ts';

interface Content {
  readonly Data?: string;
}

interface SimpleMessage {
  readonly Subject?: Content;
  readonly Body?: { readonly Text?: Content; readonly Html?: Content };
  readonly Headers?: readonly { readonly Name: string; readonly Value: string }[];
}

interface MailServiceOptions {
  readonly identities: MailIdentities;
  readonly events: MailEvents;
  readonly region: string;
  readonly mailed: (entry: Readonly<Record<string, unknown>>) => void;
}

interface MessageTag {
  readonly Name?: string;
  readonly Value?: string;
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
const tagText = /^[A-Za-z0-9_-]{1,256}$/;
/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html */
const headerName = /^[!-9;-@A-~]{1,126}$/;
const headerValue = /^[ -~]{0,870}$/;

/** https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const mostRecipients = 50;
/** RFC 5322, section 3.4.1. Browsers accept such addresses. */
const misplacedDot = /^\.|\.\.|\.@/;

/**
 * Mails go to a sink.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function mailService({ identities, events, region, mailed }: MailServiceOptions): Service {
  return async ({ operation, input, caller }) => {
    if (operation !== 'SendEmail') {
      throw new ServiceError('BadRequestException', `The local run does not support ses:${operation}.`);
    }
    const from = textOf(input['FromEmailAddress']);
    const recipients = recipientsOf(input);
    const unverified = [
      ...(identities.isOpen ? [] : [mailAddress(from)]),
      ...(identities.isSandbox ? recipients : []),
    ].filter((address) => identities.covering(address) === undefined);
    if (unverified.length > 0) throw refuseUnverified(unverified, region);
    const content = (input['Content'] ?? {}) as {
      readonly Simple?: SimpleMessage;
      readonly Raw?: { readonly Data?: string };
    };
    const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
    if (recipients.length === 0) throw new ServiceError('BadRequestException', 'Destination is needed.');
    if (recipients.length > mostRecipients) {
      throw new ServiceError('BadRequestException', `Recipient count exceeds ${mostRecipients}.`);
    }
    if (recipients.some((address) => misplacedDot.test(mailAddress(address)))) {
      throw new ServiceError('BadRequestException', 'Local address ends with dot');
    }
    // SES does not support SMTPUTF8.
    // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
    if (recipients.some((address) => /[^\0-\x7f]/.test(mailAddress(address).split('@')[0] ?? ''))) {
      throw new ServiceError('BadRequestException', 'Local address contains control or whitespace');
    }
    const tags = tagsOf(input['EmailTags']);
    const sender = mailAddress(from);
    const standard = identities.configurationSetOf(identities.covering(sender) ?? sender);
    const configurationSet = input['ConfigurationSetName'] ?? standard;
    if (typeof configurationSet === 'string' && !events.hasSet(configurationSet)) {
      throw new ServiceError('NotFoundException', `Configuration set <${configurationSet}> does not exist.`, 404);
    }
    const messageId = randomUUID();
    const message = messageOf(content);
    mailed({
      at: new Date().toISOString(),
      messageId,
      from,
      to: destination['ToAddresses'] ?? [],
      ...(destination['CcAddresses'] === undefined ? {} : { cc: destination['CcAddresses'] }),
      ...(destination['BccAddresses'] === undefined ? {} : { bcc: destination['BccAddresses'] }),
      ...message,
      ...(typeof configurationSet === 'string' ? { configurationSet } : {}),
      ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags) }),
      ...(caller === undefined ? {} : { functionName: caller.functionName }),
    });
    if (typeof configurationSet === 'string') {
      events.publish({ configurationSet, messageId, from: sender, recipients, tags });
    }
    return jsonResponse({ MessageId: messageId }, 200, 'application/json');
  };
}

function tagsOf(given: unknown): readonly (readonly [string, string])[] {
  const tags = (given ?? []) as readonly MessageTag[];
  return tags.map(({ Name: name = '', Value: value = '' }) => {
    if (tagText.test(name) && tagText.test(value) && !name.startsWith('ses')) return [name, value] as const;
    throw new ServiceError('BadRequestException', `Invalid tag name or value: <${name}> <${value}>.`);
  });
}

function checkHeaders(headers: SimpleMessage['Headers'] = []): void {
  const wrong = headers.find(({ Name, Value }) => !headerName.test(Name) || !headerValue.test(Value));
  if (wrong !== undefined) throw new ServiceError('BadRequestException', `Invalid header: <${wrong.Name}>.`);
}

function messageOf(content: {
  readonly Simple?: SimpleMessage;
  readonly Raw?: { readonly Data?: string };
}): Record<string, unknown> {
  if (content.Raw?.Data !== undefined) return { raw: Buffer.from(content.Raw.Data, 'base64').toString() };
  const simple = content.Simple;
  if (simple?.Subject?.Data === undefined || simple.Body === undefined) {
    throw new ServiceError(
      'BadRequestException',
      'Content needs a simple message with subject and body, or a raw one.',
    );
  }
  checkHeaders(simple.Headers);
  return {
    subject: simple.Subject.Data,
    ...(simple.Body.Text?.Data === undefined ? {} : { text: simple.Body.Text.Data }),
    ...(simple.Body.Html?.Data === undefined ? {} : { html: simple.Body.Html.Data }),
    ...(simple.Headers === undefined ? {} : { headers: simple.Headers }),
  };
}

function refuseUnverified(addresses: readonly string[], region: string): ServiceError {
  const failed = addresses.join(', ');
  return new ServiceError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed}`,
  );
}
