import type { LocalRun } from '../../../local/contract.ts';

export interface Grant {
  readonly functionName: string;
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** AWS performs these actions for the function. The template's own tests cover them. */
const platformActions =
  /^(logs:|xray:|sqs:(?!SendMessage$)|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|kms:(DescribeKey|Encrypt|GenerateDataKey)$)/;

/** Lambda sends to them with the function's role. */
const deadLetters = /^arn:aws:sqs:.*-dead$/;

/** Lambda needs this statement to decrypt a stream. */
const streamKey = 'StreamKey';

/** SES requires this right only if the identity has a default configuration set. */
const configurationSet = /^arn:aws:ses:.*:configuration-set\//;

/** Grants to functions' code, in their own and tenant roles. */
export function grantsOf(run: LocalRun): readonly Grant[] {
  const policies = run.assembly.ofType('AWS::IAM::Policy');
  const roles = run.functions.definitions.flatMap(({ name, roleArn, environment }) => {
    const tenantRoleArn = environment['TENANT_ROLE_ARN'];
    return [roleArn, ...(tenantRoleArn === undefined ? [] : [tenantRoleArn])].map((arn) => ({ name, roleArn: arn }));
  });
  return roles.flatMap(({ name, roleArn }) => {
    const role = roleArn.split('/').at(-1) ?? '';
    return policies
      .filter((policy) => (policy.properties['Roles'] as readonly string[]).includes(role))
      .flatMap((policy) => (policy.properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement)
      .filter(({ Effect, Sid }) => Effect === 'Allow' && Sid !== streamKey)
      .flatMap((statement) => pairsOf(statement))
      .filter(({ action, resource }) => !platformActions.test(action) && !configurationSet.test(resource))
      .filter(({ resource }) => !deadLetters.test(resource))
      .map(({ action, resource }) => ({
        functionName: name.replace('switchboard-dev-', ''),
        roleArn,
        action,
        resource,
      }));
  });
}

function pairsOf({ Action, Resource }: Statement): { readonly action: string; readonly resource: string }[] {
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })));
}

/** `*` and a session variable match anything. */
export function covers(grant: Grant, action: string, resource: string): boolean {
  if (action.toLowerCase() !== grant.action.toLowerCase()) return false;
  const pattern = grant.resource.split(/\*|\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(resource);
}
