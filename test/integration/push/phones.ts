import {
  CreatePlatformApplicationCommand,
  DeleteEndpointCommand,
  ListEndpointsByPlatformApplicationCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { randomBytes } from 'node:crypto';
import type { PushPlatform } from '../../../shared/contract/schemas/device.ts';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';

const snsPlatforms = { fcm: 'GCM', apns: 'APNS', 'apns-sandbox': 'APNS_SANDBOX' } as const;
const applicationName = 'switchboard-dev';

export interface ReceivedPush {
  readonly token: string;
  /** The platform's payload. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- like bodies, payloads have many shapes, and tests assert on their members
  readonly payload: any;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The owner's calls to SNS, and what phones received. */
export class Phones {
  readonly #test: Pick<TestRun, 'run' | 'url'>;
  readonly #sns: SNSClient;

  constructor(test: Pick<TestRun, 'run' | 'url'>) {
    const { url, ownerCredentials } = test.run.aws;
    this.#test = test;
    this.#sns = new SNSClient({ endpoint: url, credentials: ownerCredentials, region: test.run.assembly.region });
  }

  /** Stores credentials for all platforms, as the deployer does. */
  async configure(): Promise<void> {
    const account = JSON.stringify({ type: 'service_account', project_id: 'sample' });
    for (const platform of Object.values(snsPlatforms)) {
      const credentials =
        platform === 'GCM'
          ? { PlatformCredential: account }
          : { PlatformCredential: 'sample key', PlatformPrincipal: 'ABC123DEFG' };
      await this.#sns.send(
        new CreatePlatformApplicationCommand({ Name: applicationName, Platform: platform, Attributes: credentials }),
      );
      await this.setApplicationEnabled(platform, true);
    }
  }

  async setApplicationEnabled(platform: string, enabled: boolean): Promise<void> {
    await this.#sns.send(
      new SetPlatformApplicationAttributesCommand({
        PlatformApplicationArn: this.#applicationArn(platform),
        Attributes: { Enabled: String(enabled) },
      }),
    );
  }

  /** As SNS does when the platform reports a dead token. */
  async disableEndpoints(platform: string): Promise<void> {
    for (const EndpointArn of await this.endpoints(platform)) {
      await this.#sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
    }
  }

  async deleteEndpoints(platform: string): Promise<void> {
    for (const EndpointArn of await this.endpoints(platform)) await this.#sns.send(new DeleteEndpointCommand({ EndpointArn }));
  }

  async endpoints(platform: string): Promise<readonly string[]> {
    const answer = await this.#sns.send(
      new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: this.#applicationArn(platform) }),
    );
    return (answer.Endpoints ?? []).map(({ EndpointArn = '' }) => EndpointArn);
  }

  get sns(): SNSClient {
    return this.#sns;
  }

  #applicationArn(platform: string): string {
    const { region, accountId } = this.#test.run.assembly;
    return `arn:aws:sns:${region}:${accountId}:app/${platform}/${applicationName}`;
  }

  register(who: Pick<SignedIn, 'token'>, token: string, change: object = {}): Promise<HttpAnswer> {
    const body = { platform: 'apns', token, ...change };
    return call(this.#test.url, 'POST', '/api/v1/devices', { token: who.token, body });
  }

  /** A new phone. */
  async phoneOf(who: Pick<SignedIn, 'token'>, platform: PushPlatform = 'apns'): Promise<string> {
    const token = newToken();
    const answer = await this.register(who, token, { platform });
    if (answer.status !== 201) throw new Error(answer.text);
    return token;
  }

  /** Makes the projector learn at once that the tenant has a device, instead of within 30 seconds. */
  async announceFirstDevice(): Promise<void> {
    await this.#test.run.settled();
    await this.#test.run.functions.recycle('switchboard-dev-stream-projector');
  }

  /** Pushes in their order. The recorder keeps the newest. */
  async received(token: string): Promise<readonly ReceivedPush[]> {
    await this.#test.run.settled();
    return this.#test.run.recorder
      .sinks('push')
      .filter((push) => push['token'] === token)
      .map((push) => ({
        token,
        payload: JSON.parse(String(push['message'])),
        attributes: push['attributes'] as ReceivedPush['attributes'],
      }));
  }
}

export function newToken(): string {
  return randomBytes(32).toString('hex');
}
