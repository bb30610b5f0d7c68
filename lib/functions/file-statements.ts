import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { FileAction, FunctionGrants } from './function-grants.ts';
import type { GrantTargets } from './grant-targets.ts';
import { allow } from './statements.ts';

const places = ['quarantine', 'files'] as const;
type Place = (typeof places)[number];

/** Where the objects of each kind are, in front of the tenant's id. */
const prefixes: Readonly<Record<Place, string>> = { quarantine: 'quarantine/', files: 't/' };

function actionsAt(place: Place, { files = [] }: FunctionGrants): readonly FileAction[] {
  return files.filter((right) => right.startsWith(place)).map((right) => right.split(' ')[1] as FileAction);
}

/**
 * Rights on the files of the tenant that a session is tagged with: its objects, by their keys, and the use of the key
 * that encrypts them, by the context that S3 hands to KMS.
 */
export function fileStatements(
  grants: FunctionGrants,
  { filesBucket, filesKey }: GrantTargets,
  tenant: string,
): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  for (const place of places) {
    const actions = actionsAt(place, grants);
    if (actions.length === 0) continue;
    const sid = place === 'files' ? 'Files' : 'Quarantine';
    const ownPrefix = `${prefixes[place]}${tenant}/*`;
    const onObjects = actions.filter((action) => action !== 'ListBucket').map((action) => `s3:${action}`);
    statements.push(allow(sid, onObjects, [`${filesBucket.bucketArn}/${ownPrefix}`]));
    if (!actions.includes('ListBucket')) continue;
    const list = allow(`${sid}List`, ['s3:ListBucket'], [filesBucket.bucketArn]);
    list.addCondition('StringLike', { 's3:prefix': ownPrefix });
    statements.push(list);
  }
  const all = new Set(places.flatMap((place) => actionsAt(place, grants)));
  const keyActions = [
    ...(all.has('GetObject') ? ['kms:Decrypt'] : []),
    ...(all.has('PutObject') ? ['kms:GenerateDataKey'] : []),
  ];
  if (keyActions.length === 0) return statements;
  const useKey = allow('FilesKey', keyActions, [filesKey.keyArn]);
  useKey.addCondition('StringEquals', {
    'kms:ViaService': `s3.${Stack.of(filesKey).region}.amazonaws.com`,
    'kms:EncryptionContext:tenant': tenant,
  });
  return [...statements, useKey];
}

/** Suppresses cdk-nag's finding that a role may use objects with unknown names. */
export function acknowledgeFiles(role: Role, grants: FunctionGrants, targets: GrantTargets): void {
  for (const place of places) {
    if (actionsAt(place, grants).length === 0) continue;
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${targets.filesBucketFinding}/${prefixes[place]}<aws:PrincipalTag/tenant>/*]`,
      reason: 'Objects come and go; the grant is for those of one tenant under one prefix of one bucket',
    });
  }
}
