import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AccountRootPrincipal, type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { tableSchema } from '../../shared/core/table/schema.ts';
import { tenantPrefix } from '../../shared/core/tenancy/tenant-scope.ts';
import type { FunctionGrants } from './function-grants.ts';
import { fileStatements } from './file-statements.ts';
import type { GrantTargets } from './grant-targets.ts';
import { recordStatements } from './record-statements.ts';
import { allow, denyAcross, dynamodb, kms, onKeys, useOfTableKey, writes } from './statements.ts';

/** Without the tag, the variable matches nothing. */
const tenant = '${aws:PrincipalTag/tenant}';
/** An id has 26 characters. A tag's value cannot contain `*` or `?`. */
const anyTenant = '?'.repeat(26);

export function worksForTenants({ table, indexes, keysTable, dataKey, files, records }: FunctionGrants): boolean {
  return [table, indexes, keysTable, dataKey, files, records].some((rights) => rights !== undefined);
}

/**
 * Each function has its own role. The session's tag limits it to one tenant.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function createTenantRole(
  scope: Construct,
  functionRole: IRole,
  grants: FunctionGrants,
  targets: GrantTargets,
): Role {
  // The function's own policy must allow it as well.
  const onlyTheFunction = new AccountRootPrincipal().withConditions({
    ArnEquals: { 'aws:PrincipalArn': functionRole.roleArn },
    StringLike: { 'aws:RequestTag/tenant': anyTenant },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
  });
  const role = new Role(scope, 'TenantRole', {
    assumedBy: onlyTheFunction.withSessionTags(),
    description: 'Data of the one tenant that a session is tagged with',
  });
  for (const statement of tenantStatements(grants, targets)) role.addToPolicy(statement);
  return role;
}

export function assumeStatement(tenantRole: IRole): PolicyStatement {
  return allow('TenantRole', ['sts:AssumeRole', 'sts:TagSession'], [tenantRole.roleArn]);
}

function tenantStatements(grants: FunctionGrants, targets: GrantTargets): PolicyStatement[] {
  const { table, keysTable, tableKey, dataKey } = targets;
  const statements: PolicyStatement[] = [];
  const ownKeys = `${tenantPrefix}${tenant}#*`;
  const touched: string[] = [];
  if (grants.table) {
    statements.push(onKeys(ownKeys, allow('Table', grants.table.map(dynamodb), [table.tableArn])));
    touched.push(table.tableArn, `${table.tableArn}/index/*`);
  }
  if (grants.indexes) {
    // An index's partition key also begins with the tenant.
    const indexes = grants.indexes.map((name) => `${table.tableArn}/index/${tableSchema.indexes[name].name}`);
    statements.push(onKeys(ownKeys, allow('Indexes', [dynamodb('Query')], indexes)));
  }
  if (grants.keysTable) {
    statements.push(onKeys(ownKeys, allow('KeysTable', grants.keysTable.map(dynamodb), [keysTable.tableArn])));
    touched.push(keysTable.tableArn);
  }
  if (touched.length > 0) {
    const changes = writes([...(grants.table ?? []), ...(grants.keysTable ?? [])]);
    statements.push(useOfTableKey(tableKey, changes, Stack.of(table).region), denyAcross(touched));
  }
  if (grants.dataKey) {
    // The encryption context must name the session's tenant.
    // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
    const statement = allow('DataKey', grants.dataKey.map(kms), [dataKey.keyArn]);
    statement.addCondition('StringEquals', { 'kms:EncryptionContext:tenant': tenant });
    statements.push(statement);
  }
  return [...statements, ...fileStatements(grants, targets, tenant), ...recordStatements(grants, targets, tenant)];
}
