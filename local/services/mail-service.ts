import { randomUUID } from 'node:crypto';
import type { Service } from '../contract.ts';
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

/** https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const mostRecipients = 50;
/** RFC 5322, section 3.4.1. Browsers accept such addresses. */
const misplacedDot = /^\.|\.\.|\.@/;

/**
 * Mails go to a sink.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function mailService(
  identities: MailIdentities,
  region: string,
  mailed: (entry: Readonly<Record<string, unknown>>) => void,
): Service {
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
    const messageId = randomUUID();
    mailed({
      at: new Date().toISOString(),
      messageId,
      from,
      to: destination['ToAddresses'] ?? [],
      ...(destination['CcAddresses'] === undefined ? {} : { cc: destination['CcAddresses'] }),
      ...(destination['BccAddresses'] === undefined ? {} : { bcc: destination['BccAddresses'] }),
      ...messageOf(content),
      ...(caller === undefined ? {} : { functionName: caller.functionName }),
    });
    return jsonResponse({ MessageId: messageId }, 200, 'application/json');
  };
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
