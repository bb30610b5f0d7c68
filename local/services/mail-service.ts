import { randomUUID } from 'node:crypto';
import type { Assembly, Service } from '../contract.ts';
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

/**
 * SES version 2, as far as sending goes; mails are shown instead of sent.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function mailService(assembly: Assembly, mailed: (entry: Readonly<Record<string, unknown>>) => void): Service {
  const identities = assembly.ofType('AWS::SES::EmailIdentity').map((identity) => identity.physicalId);
  return async ({ operation, input, caller }) => {
    if (operation !== 'SendEmail') {
      throw new ServiceError('BadRequestException', `The local run does not know ses:${operation}.`);
    }
    const from = textOf(input['FromEmailAddress']);
    checkVerified(from, identities);
    const content = (input['Content'] ?? {}) as {
      readonly Simple?: SimpleMessage;
      readonly Raw?: { readonly Data?: string };
    };
    const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
    if (Object.values(destination).flat().length === 0) {
      throw new ServiceError('BadRequestException', 'Destination is needed.');
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

/** A template without identities leaves verification to its deployer; one with them must send from one of them. */
function checkVerified(from: string, identities: readonly string[]): void {
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const isCovered = (identity: string): boolean =>
    identity === address || identity === domain || domain.endsWith(`.${identity}`);
  if (identities.length === 0 || identities.some(isCovered)) return;
  throw new ServiceError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region: ${address}`,
  );
}
