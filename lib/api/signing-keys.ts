import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/**
 * The keys of access tokens (ES256), one for each version in the stage's settings, in that order. They are in the stack
 * of the functions that use them, so that adding or removing a key changes no stack export. None is retained: after the
 * loss of one, every client only refreshes its token once.
 */
export function createSigningKeys(scope: Construct, stage: Stage): readonly Key[] {
  return stage.settings.signingKeys.map(
    (version) =>
      new Key(scope, `SigningKey${version}`, {
        alias: `${stage.prefix}-signing-${version}`,
        description: `Signs access tokens (ES256), version ${version}`,
        keySpec: KeySpec.ECC_NIST_P256,
        keyUsage: KeyUsage.SIGN_VERIFY,
        removalPolicy: RemovalPolicy.DESTROY,
        pendingWindow: Duration.days(7),
      }),
  );
}
