import type { LocalRun } from '../../../local/contract.ts';

/** One action on one resource that the template grants to a function. */
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

/**
 * Actions that AWS performs on behalf of the function: writing logs and traces, polling streams and queues, and
 * encrypting the tables at rest. The template's own tests cover these.
 */
const platformActions =
  /^(logs:|xray:|sqs:|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|kms:(DescribeKey|Encrypt|GenerateDataKey)$)/;

/** The statement with which Lambda decrypts a stream. The local run's tests show that it does not start without it. */
const streamKey = 'StreamKey';

/** SES requires the right only if the account sets a default configuration for the identity. This account does not. */
const configurationSet = /^arn:aws:ses:.*:configuration-set\//;

/** Returns every grant of the synthesised template to a function's code, in its own role and in its tenant role. */
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

/** Tests whether a grant covers a resource. `*` and a variable of the session match anything. */
export function covers(grant: Grant, action: string, resource: string): boolean {
  if (action.toLowerCase() !== grant.action.toLowerCase()) return false;
  const pattern = grant.resource.split(/\*|\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(resource);
}
