import { Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionGrants } from './function-grants.ts';
import type { GrantTargets } from './grant-targets.ts';
import { allow } from './statements.ts';

const prefix = 'checkpoints/';

/** Limited to the tenant in the session's tag. */
export function recordStatements(
  { records = [] }: FunctionGrants,
  { recordsBucket }: GrantTargets,
  tenant: string,
): PolicyStatement[] {
  const ownPrefix = `${prefix}${tenant}/*`;
  const onObjects = records.filter((action) => action !== 'ListBucket').map((action) => `s3:${action}`);
  const statements: PolicyStatement[] = [];
  if (onObjects.length > 0) statements.push(allow('Records', onObjects, [`${recordsBucket.bucketArn}/${ownPrefix}`]));
  if (records.includes('ListBucket')) {
    const list = allow('RecordsList', ['s3:ListBucket'], [recordsBucket.bucketArn]);
    list.addCondition('StringLike', { 's3:prefix': ownPrefix });
    statements.push(list);
  }
  return statements;
}

/** The finding: a role may use objects with unknown names. */
export function acknowledgeRecords(role: Role, { records = [] }: FunctionGrants, targets: GrantTargets): void {
  if (records.length === 0) return;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${targets.recordsBucketFinding}/${prefix}<aws:PrincipalTag/tenant>/*]`,
    reason: 'Records have unknown names. The grant covers those of one tenant under one prefix of one bucket',
  });
}
