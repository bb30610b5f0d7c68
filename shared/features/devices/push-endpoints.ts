import type { PushPlatform } from '../../contract/schemas/device.ts';
import { AwsClient } from '../../core/aws/aws-client.ts';
import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  SetEndpointAttributesCommand,
} from '../../core/aws/push-commands.ts';
import { ServiceError } from '../../core/aws/service-error.ts';
import { config } from '../../core/runtime/config.ts';

/** SNS still calls FCM by its former name. https://docs.aws.amazon.com/sns/latest/dg/sns-fcm-v1-payloads.html */
const snsPlatforms = { fcm: 'GCM', apns: 'APNS', 'apns-sandbox': 'APNS_SANDBOX' } as const;

/** Constant, because SNS creates an endpoint again only with the same attributes. */
const userData = 'switchboard-1';

/** Between the calls, the owner of a token may change. */
const attempts = 5;

const sns = new AwsClient();

export type OpenedEndpoint =
  { readonly arn: string } | { readonly refused: 'platform-missing' } | { readonly refused: 'token-rejected' };

/**
 * Finds or creates the enabled endpoint of a token. An endpoint keeps its token for ever, so that its owner receives no
 * pushes of another device.
 * https://docs.aws.amazon.com/sns/latest/dg/mobile-platform-endpoint.html
 */
export async function openEndpoint(platform: PushPlatform, token: string): Promise<OpenedEndpoint> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const created = await createEndpoint(platform, token);
    if ('refused' in created || (await isUsable(created.arn, token))) return created;
  }
  throw new Error('The endpoint of a device changed during every attempt to enable it');
}

async function createEndpoint(platform: PushPlatform, token: string): Promise<OpenedEndpoint> {
  try {
    const { EndpointArn: arn } = await sns.send(
      new CreatePlatformEndpointCommand({
        PlatformApplicationArn: `${config.pushApplicationsArn}/${snsPlatforms[platform]}/${config.stagePrefix}`,
        Token: token,
        CustomUserData: userData,
      }),
    );
    return { arn };
  } catch (error) {
    if (isNamed(error, 'NotFound')) return { refused: 'platform-missing' };
    if (!isNamed(error, 'InvalidParameter')) throw error;
    const arn = existingEndpoint(error);
    return arn === undefined ? { refused: 'token-rejected' } : { arn };
  }
}

/** No member of the error has the ARN, so that every client parses the message. */
function existingEndpoint(error: ServiceError): string | undefined {
  const { message } = error.members;
  return /Endpoint (arn:\S+) already exists/.exec(typeof message === 'string' ? message : '')?.[1];
}

/** Enables the endpoint if needed. False if it is gone, or now has another token. */
async function isUsable(arn: string, token: string): Promise<boolean> {
  try {
    const attributes = await sns.send(new GetEndpointAttributesCommand({ EndpointArn: arn }));
    // SNS returns tokens of iOS in lower case.
    if (attributes.get('Token')?.toLowerCase() !== token.toLowerCase()) return false;
    if (attributes.get('Enabled') === 'true') return true;
    await sns.send(
      new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes: { Token: token, Enabled: 'true' } }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, 'NotFound') || isNamed(error, 'InvalidParameter')) return false;
    throw error;
  }
}

/** Succeeds if it is gone already. */
export async function deleteEndpoint(arn: string): Promise<void> {
  try {
    await sns.send(new DeleteEndpointCommand({ EndpointArn: arn }));
  } catch (error) {
    if (!isNamed(error, 'NotFound') && !isNamed(error, 'InvalidParameter')) throw error;
  }
}

function isNamed(error: unknown, name: string): error is ServiceError {
  return error instanceof ServiceError && error.name === name;
}
