import {
  CreatePlatformApplicationCommand,
  DeletePlatformApplicationCommand,
  paginateListPlatformApplications,
  SetPlatformApplicationAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { type PushPlatform, pushPlatforms } from '../shared/contract/schemas/device.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformApplication.html */
const snsPlatforms = { fcm: 'GCM', apns: 'APNS', 'apns-sandbox': 'APNS_SANDBOX' } as const;

export interface StoredPlatform {
  readonly platform: PushPlatform;
  readonly arn: string;
  /** False after FCM or APNs rejected the credentials. */
  readonly enabled: boolean;
}

/** As SNS names them. Secret. */
export type PlatformCredentials = Readonly<Record<string, string>>;

/** The platform applications of a stage, which have its name. CloudFormation has no such resource. */
export async function storedPlatforms(sns: SNSClient, stagePrefix: string): Promise<readonly StoredPlatform[]> {
  const stored: StoredPlatform[] = [];
  for await (const page of paginateListPlatformApplications({ client: sns }, {})) {
    for (const { PlatformApplicationArn: arn = '', Attributes: attributes = {} } of page.PlatformApplications ?? []) {
      const platform = pushPlatforms.find((name) => arn.endsWith(`:app/${snsPlatforms[name]}/${stagePrefix}`));
      if (platform !== undefined) stored.push({ platform, arn, enabled: attributes['Enabled'] !== 'false' });
    }
  }
  return stored;
}

/** Replaces the credentials of a platform that exists, and keeps its endpoints. */
export async function putPlatform(
  sns: SNSClient,
  stagePrefix: string,
  platform: PushPlatform,
  credentials: PlatformCredentials,
): Promise<{ readonly created: boolean }> {
  const existing = (await storedPlatforms(sns, stagePrefix)).find((stored) => stored.platform === platform);
  if (existing !== undefined) {
    // SNS has disabled the application if it used expired credentials.
    const attributes = { ...credentials, Enabled: 'true' };
    await sns.send(
      new SetPlatformApplicationAttributesCommand({ PlatformApplicationArn: existing.arn, Attributes: attributes }),
    );
    return { created: false };
  }
  await sns.send(
    new CreatePlatformApplicationCommand({
      Name: stagePrefix,
      Platform: snsPlatforms[platform],
      Attributes: credentials,
    }),
  );
  return { created: true };
}

/** With all endpoints: apps must register their devices again. */
export async function removePlatform(sns: SNSClient, { arn }: StoredPlatform): Promise<void> {
  await sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn: arn }));
}
