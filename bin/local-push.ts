import { SNSClient } from '@aws-sdk/client-sns';
import type { LocalRun } from '../local/contract.ts';
import { pushPlatforms } from '../shared/contract/schemas/device.ts';
import { putPlatform } from './push-platforms.ts';

const sampleAccount = JSON.stringify({ type: 'service_account', project_id: 'sample' });
const sampleKey = { PlatformCredential: 'sample key', PlatformPrincipal: 'SAMPLE1234' };

/** The local run sends no pushes, and accepts samples as credentials. */
export async function configureLocalPush({ aws, assembly }: LocalRun, stagePrefix = 'switchboard-dev'): Promise<void> {
  const sns = new SNSClient({ endpoint: aws.url, region: assembly.region, credentials: aws.ownerCredentials });
  for (const platform of pushPlatforms) {
    await putPlatform(
      sns,
      stagePrefix,
      platform,
      platform === 'fcm' ? { PlatformCredential: sampleAccount } : sampleKey,
    );
  }
}
