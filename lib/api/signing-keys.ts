import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/**
 * ES256, in the order of the settings. In their functions' stack, changes affect no export. Not retained: if a key is
 * lost, each client refreshes its token once.
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
