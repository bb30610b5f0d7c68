import { AwsClient } from '../../core/aws/aws-client.ts';
import { PublishCommand } from '../../core/aws/push-commands.ts';
import { ServiceError } from '../../core/aws/service-error.ts';
import { config } from '../../core/runtime/config.ts';
import type { PlatformMessage } from './push.ts';

const sns = new AwsClient();

/** `gone` and `disabled`: the endpoint. `stopped`: the platform rejects the deployer's credentials. `rejected`: a bug. */
export type PublishOutcome = 'sent' | 'gone' | 'disabled' | 'stopped' | 'rejected';

const outcomes: Readonly<Record<string, PublishOutcome>> = {
  NotFound: 'gone',
  EndpointDisabled: 'disabled',
  PlatformApplicationDisabled: 'stopped',
  InvalidParameter: 'rejected',
  InvalidParameterValue: 'rejected',
};

/**
 * `sent` means that SNS accepted the push, not that a device has it.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 * @throws Error of a failure that a repetition may avoid.
 */
export async function publishPush(
  endpointArn: string,
  { message, attributes }: PlatformMessage,
): Promise<PublishOutcome> {
  const endpoints = config.pushApplicationsArn.replace(/app$/, 'endpoint/');
  if (!endpointArn.startsWith(endpoints)) return 'gone';
  try {
    await sns.send(new PublishCommand({ TargetArn: endpointArn, Message: message, MessageAttributes: attributes }));
    return 'sent';
  } catch (error) {
    const outcome = error instanceof ServiceError ? outcomes[error.name] : undefined;
    if (outcome === undefined) throw error;
    return outcome;
  }
}
