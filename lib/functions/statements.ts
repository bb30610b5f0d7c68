import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { TableAction } from './function-grants.ts';

export function allow(sid: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources });
}

export function dynamodb(action: string): string {
  return `dynamodb:${action}`;
}

export function kms(action: string): string {
  return `kms:${action}`;
}

/**
 * Requires that all partition keys match. `ForAllValues` is also true without a key, so another condition requires one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function onKeys(pattern: string, statement: PolicyStatement): PolicyStatement {
  statement.addCondition('ForAllValues:StringLike', { 'dynamodb:LeadingKeys': [pattern] });
  statement.addCondition('Null', { 'dynamodb:LeadingKeys': 'false' });
  return statement;
}

/**
 * A table with a customer managed key requires rights on the key, but only through DynamoDB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function useOfTableKey(tableKey: IKey, changes: boolean, region: string): PolicyStatement {
  const actions = ['kms:Decrypt', 'kms:DescribeKey', ...(changes ? ['kms:Encrypt', 'kms:GenerateDataKey'] : [])];
  const statement = allow('TableKey', actions, [tableKey.keyArn]);
  statement.addCondition('StringEquals', { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` });
  return statement;
}

/** Denies operations across tenants, such as a Scan or PartiQL without a key, whatever later grants allow. */
export function denyAcross(resources: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'NeverAcrossTenants',
    effect: Effect.DENY,
    actions: ['dynamodb:Scan', 'dynamodb:PartiQL*'],
    resources,
  });
}

export function writes(actions: readonly TableAction[]): boolean {
  const changes: readonly TableAction[] = ['PutItem', 'UpdateItem', 'DeleteItem'];
  return actions.some((action) => changes.includes(action));
}
