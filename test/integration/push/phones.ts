import {
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  GetEndpointAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { randomBytes } from 'node:crypto';
import { configureLocalPush } from '../../../bin/local-push.ts';
import type { PushPlatform } from '../../../shared/contract/schemas/device.ts';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';

const applicationName = 'switchboard-dev';

type SnsPlatform = 'GCM' | 'APNS' | 'APNS_SANDBOX';

export interface ReceivedPush {
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

  /** Stores credentials for all platforms. */
  async configure(): Promise<void> {
    await configureLocalPush(this.#test.run);
  }

  async removePlatform(platform: SnsPlatform): Promise<void> {
    const PlatformApplicationArn = this.#applicationArn(platform);
    await this.#sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn }));
  }

  async setPlatformEnabled(platform: SnsPlatform, enabled: boolean): Promise<void> {
    await this.#sns.send(
      new SetPlatformApplicationAttributesCommand({
        PlatformApplicationArn: this.#applicationArn(platform),
        Attributes: { Enabled: String(enabled) },
      }),
    );
  }

  /** As SNS does when the platform reports a dead token. */
  async disableEndpoints(platform: SnsPlatform): Promise<void> {
    for (const EndpointArn of await this.endpoints(platform)) {
      await this.#sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
    }
  }

  async deleteEndpoints(platform: SnsPlatform): Promise<void> {
    for (const EndpointArn of await this.endpoints(platform)) {
      await this.#sns.send(new DeleteEndpointCommand({ EndpointArn }));
    }
  }

  async endpoints(platform: SnsPlatform): Promise<readonly string[]> {
    const PlatformApplicationArn = this.#applicationArn(platform);
    const answer = await this.#sns.send(new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn }));
    return (answer.Endpoints ?? []).map(({ EndpointArn = '' }) => EndpointArn);
  }

  async tokens(platform: SnsPlatform): Promise<readonly string[]> {
    return Promise.all(
      (await this.endpoints(platform)).map(async (EndpointArn) => {
        const { Attributes } = await this.#sns.send(new GetEndpointAttributesCommand({ EndpointArn }));
        return Attributes?.['Token'] ?? '';
      }),
    );
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

  /** In their order. The recorder keeps the newest. */
  async received(token: string): Promise<readonly ReceivedPush[]> {
    await this.#test.run.settled();
    return this.#test.run.recorder
      .sinks('push')
      .filter((push) => push['token'] === token)
      .map((push) => ({
        payload: JSON.parse(String(push['message'])),
        attributes: push['attributes'] as ReceivedPush['attributes'],
      }));
  }

  #applicationArn(platform: SnsPlatform): string {
    const { region, accountId } = this.#test.run.assembly;
    return `arn:aws:sns:${region}:${accountId}:app/${platform}/${applicationName}`;
  }
}

export function newToken(): string {
  return randomBytes(32).toString('hex');
}
