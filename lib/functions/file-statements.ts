import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { FileAction, FunctionGrants } from './function-grants.ts';
import type { GrantTargets } from './grant-targets.ts';
import { allow } from './statements.ts';

const areas = ['quarantine', 'files'] as const;
type Area = (typeof areas)[number];

const prefixes: Readonly<Record<Area, string>> = { quarantine: 'quarantine/', files: 't/' };

function actionsAt(area: Area, { files = [] }: FunctionGrants): readonly FileAction[] {
  return files.filter((right) => right.startsWith(area)).map((right) => right.split(' ')[1] as FileAction);
}

/**
 * Limited to the tenant in the session's tag: objects by their keys, and the KMS key by the encryption context of S3.
 */
export function fileStatements(
  grants: FunctionGrants,
  { filesBucket, filesKey }: GrantTargets,
  tenant: string,
): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  for (const area of areas) {
    const actions = actionsAt(area, grants);
    if (actions.length === 0) continue;
    const sid = area === 'files' ? 'Files' : 'Quarantine';
    const ownPrefix = `${prefixes[area]}${tenant}/*`;
    const onObjects = actions.filter((action) => action !== 'ListBucket').map((action) => `s3:${action}`);
    statements.push(allow(sid, onObjects, [`${filesBucket.bucketArn}/${ownPrefix}`]));
    if (!actions.includes('ListBucket')) continue;
    const list = allow(`${sid}List`, ['s3:ListBucket'], [filesBucket.bucketArn]);
    list.addCondition('StringLike', { 's3:prefix': ownPrefix });
    statements.push(list);
  }
  const actions = new Set(areas.flatMap((area) => actionsAt(area, grants)));
  const keyActions = [
    ...(actions.has('GetObject') ? ['kms:Decrypt'] : []),
    ...(actions.has('PutObject') ? ['kms:GenerateDataKey'] : []),
  ];
  if (keyActions.length === 0) return statements;
  const useKey = allow('FilesKey', keyActions, [filesKey.keyArn]);
  useKey.addCondition('StringEquals', {
    'kms:ViaService': `s3.${Stack.of(filesKey).region}.amazonaws.com`,
    'kms:EncryptionContext:tenant': tenant,
  });
  return [...statements, useKey];
}

/** The finding: a role may use objects with unknown names. */
export function acknowledgeFiles(role: Role, grants: FunctionGrants, targets: GrantTargets): void {
  for (const area of areas) {
    if (actionsAt(area, grants).length === 0) continue;
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${targets.filesBucketFinding}/${prefixes[area]}<aws:PrincipalTag/tenant>/*]`,
      reason: 'Objects have unknown names. The grant covers those of one tenant under one prefix of one bucket',
    });
  }
}
