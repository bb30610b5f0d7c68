import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { PushPlatform } from '../../shared/contract/schemas/device.ts';
import type { PlatformCredentials } from '../push-platforms.ts';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

export interface CredentialOptions {
  readonly credentials: string;
  readonly keyId?: string;
  readonly teamId?: string;
  readonly bundleId?: string;
}

/** @throws CommandFailure that names the fix, and never quotes the file. */
export async function pushCredentials(
  platform: PushPlatform,
  options: CredentialOptions,
): Promise<PlatformCredentials> {
  const content = await contentOf(options.credentials);
  return platform === 'fcm' ? { PlatformCredential: serviceAccount(content) } : appleKey(content, options);
}

async function contentOf(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(exitCodes.usage, `--credentials: ${path} cannot be read.`, { cause });
  });
}

/** FCM gives several JSON files. SNS rejects the others with an unclear message. */
function serviceAccount(content: string): string {
  let type: unknown;
  try {
    type = (JSON.parse(content) as { readonly type?: unknown }).type;
  } catch {
    type = undefined;
  }
  if (type === 'service_account') return content;
  throw new CommandFailure(
    exitCodes.usage,
    '--credentials must be the key file of a Google service account (JSON with "type": "service_account").\n' +
      'google-services.json and API keys do not work. Create a key under Project settings, Service accounts.',
  );
}

function appleKey(content: string, { keyId, teamId, bundleId }: CredentialOptions): PlatformCredentials {
  if (!content.includes('-----BEGIN PRIVATE KEY-----')) {
    throw new CommandFailure(exitCodes.usage, '--credentials must be the signing key of Apple, a file AuthKey_….p8.');
  }
  if (keyId === undefined || teamId === undefined || bundleId === undefined) {
    throw new CommandFailure(exitCodes.usage, 'APNs needs --key-id, --team-id and --bundle-id.');
  }
  return {
    PlatformCredential: content,
    PlatformPrincipal: keyId,
    ApplePlatformTeamID: teamId,
    ApplePlatformBundleID: bundleId,
  };
}
