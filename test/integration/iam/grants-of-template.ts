import type { LocalRun } from '../../../local/contract.ts';

/** One action that one of a function's roles may use on one resource. */
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
 * Actions that AWS uses for the function, not the function's code: to write its logs and traces, to feed it from streams
 * and queues, and on the key that encrypts the tables at rest. The template's own tests ask for those.
 */
const platformActions =
  /^(logs:|xray:|sqs:|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|kms:(DescribeKey|Encrypt|GenerateDataKey)$)/;

/** The statement by which Lambda decrypts a stream. A local run without it does not start, as its own tests show. */
const streamKey = 'StreamKey';

/** The sender's identity may have a default configuration set in an account; it has none here. */
const configurationSet = /^arn:aws:ses:.*:configuration-set\//;

/** Every grant that the synthesised template gives to a function's code, as itself and in its tenant role. */
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

/** Whether a resource is what a grant names; `*` stands for anything, and so does a variable of the session. */
export function covers(grant: Grant, action: string, resource: string): boolean {
  if (action.toLowerCase() !== grant.action.toLowerCase()) return false;
  const pattern = grant.resource.split(/\*|\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(resource);
}
