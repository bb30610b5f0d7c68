import type { AccessDecision, Assembly } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { accountPolicies } from './account-policies.ts';
import { ask, compilePolicy } from './policies.ts';
import type { AccessRequest, Policy, PolicyDocument, Principal, Verdict } from './policies.ts';
import type { Lookup } from './patterns.ts';

export interface Identity {
  readonly roleArn: string;
  /** Lambda uses the function's name. */
  readonly sessionName: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** From AssumeRole; can only restrict. */
  readonly sessionPolicy?: Policy;
}

export interface AccessControl {
  /** A denial's reason is AWS's message. */
  decide(identity: Identity, request: AccessRequest): AccessDecision;
  /** `sts:TagSession` is a request of its own. */
  decideOnRole(identity: Identity, request: AccessRequest): AccessDecision;
  /** Uses only the resource's own policy, or the role's trust policy. */
  decideForService(principal: string, request: AccessRequest): AccessDecision;
}

const allowed: AccessDecision = { allowed: true, reason: '' };

export function accessControl(assembly: Assembly, { withholds }: Pick<FaultPlan, 'withholds'> = {}): AccessControl {
  const account = accountPolicies(assembly);
  const { accountId, region } = assembly;

  const identityVerdict = (identity: Identity, request: AccessRequest): Verdict => {
    const role = account.role(identity.roleArn);
    if (role === undefined) return 'silent';
    const limits = [role.boundary, identity.sessionPolicy].filter((policy) => policy !== undefined);
    const verdicts = limits.map((policy) => ask([policy], request));
    const isWithheld = withholds?.(identity.roleArn, request.action, request.resource) === true;
    const own = isWithheld ? 'silent' : ask(role.policies, request);
    if (own === 'denied' || verdicts.includes('denied')) return 'denied';
    return verdicts.every((verdict) => verdict === 'allowed') ? own : 'silent';
  };

  const decideWith = (identity: Identity, bare: AccessRequest, policies: readonly Policy[]): AccessDecision => {
    const request = { ...bare, lookup: withIdentity(bare.lookup, identity, accountId, region) };
    const byIdentity = identityVerdict(identity, request);
    const principal: Principal = { kind: 'role', name: identity.roleArn, accountId };
    const byResource = ask(policies, request, principal);
    if (byIdentity === 'denied')
      return refuse(identity, request, accountId, 'explicit deny in an identity-based policy');
    if (byResource === 'denied')
      return refuse(identity, request, accountId, 'explicit deny in a resource-based policy');
    // Within an account, a resource policy that names the principal is sufficient. Policies of keys and roles are also
    // necessary.
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    const delegates = !needsOwnPolicy(request.action) || byResource === 'delegated';
    if (byResource === 'allowed' || (byIdentity === 'allowed' && delegates)) return allowed;
    return refuse(identity, request, accountId, byIdentity === 'allowed' ? 'resource-based' : 'identity-based');
  };

  return {
    decide: (identity, request) => decideWith(identity, request, account.resource(policyOwner(request.resource))),
    decideOnRole: (identity, request) => {
      const trust = account.role(request.resource)?.trust;
      return decideWith(identity, request, trust === undefined ? [] : [trust]);
    },
    decideForService: (name, request) => {
      const principal: Principal = { kind: 'service', name, accountId };
      const trust = account.role(request.resource)?.trust;
      const policies = trust === undefined ? account.resource(policyOwner(request.resource)) : [trust];
      const verdict = ask(policies, request, principal);
      if (verdict === 'allowed') return allowed;
      const because =
        verdict === 'denied'
          ? 'with an explicit deny in a resource-based policy'
          : `because no resource-based policy allows the ${request.action} action`;
      return {
        allowed: false,
        reason: `${name} is not authorized to perform: ${request.action} on resource: ${request.resource} ${because}`,
      };
    },
  };
}

export function sessionPolicy(json: string): Policy {
  return compilePolicy(JSON.parse(json) as PolicyDocument);
}

function needsOwnPolicy(action: string): boolean {
  return (action.startsWith('kms:') && !kmsWithoutKey.has(action)) || action.startsWith('sts:');
}

const kmsWithoutKey = new Set(['kms:GenerateRandom', 'kms:CreateKey', 'kms:ListAliases', 'kms:ListKeys']);

/** The bucket of an object, the function of an alias. */
function policyOwner(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.split('/', 1)[0] ?? resource;
  return resource;
}

function withIdentity(lookup: Lookup, identity: Identity, accountId: string, region: string): Lookup {
  return (key) => {
    switch (key) {
      case 'aws:principalarn':
        return identity.roleArn;
      case 'aws:principalaccount':
      case 'kms:calleraccount':
        return accountId;
      case 'aws:principaltype':
        return 'AssumedRole';
      case 'aws:securetransport':
        return 'true';
      case 'aws:requestedregion':
        return region;
      case 'aws:currenttime':
        return new Date().toISOString();
      case 'aws:principalisawsservice':
      case 'aws:viaawsservice':
        return lookup(key) ?? 'false';
      default:
        if (key.startsWith('aws:principaltag/')) return tag(identity, key.slice('aws:principaltag/'.length));
        return lookup(key);
    }
  };
}

function tag(identity: Identity, name: string): string | undefined {
  for (const [key, value] of Object.entries(identity.sessionTags ?? {})) {
    if (key.toLowerCase() === name) return value;
  }
  return undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function refuse(identity: Identity, request: AccessRequest, accountId: string, cause: string): AccessDecision {
  const roleName = identity.roleArn.split('/').at(-1);
  const user = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${identity.sessionName}`;
  const because = cause.startsWith('explicit')
    ? `with an ${cause}`
    : `because no ${cause} policy allows the ${request.action} action`;
  return {
    allowed: false,
    reason: `User: ${user} is not authorized to perform: ${request.action} on resource: ${request.resource} ${because}`,
  };
}
