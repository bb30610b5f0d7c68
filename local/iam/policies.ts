import { compileCondition } from './conditions.ts';
import type { Condition } from './conditions.ts';
import { compilePattern } from './patterns.ts';
import type { Lookup, Pattern } from './patterns.ts';

export interface PolicyDocument {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

export interface Principal {
  readonly kind: 'role' | 'service';
  /** Role ARN or service name. */
  readonly name: string;
  readonly accountId: string;
}

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** By lower-case name. */
  readonly lookup: Lookup;
}

export interface Policy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly allows: boolean;
  readonly action: (action: string, lookup: Lookup) => boolean;
  readonly resource: (resource: string, lookup: Lookup) => boolean;
  readonly principals: readonly PrincipalPattern[] | undefined;
  readonly condition: Condition;
  readonly unknownCondition: boolean;
}

interface PrincipalPattern {
  readonly kind: 'any' | 'account' | 'role' | 'service';
  readonly name: string;
}

/** `delegated` allows the whole account. */
export type Verdict = 'denied' | 'allowed' | 'delegated' | 'silent';

export function compilePolicy(document: PolicyDocument | undefined): Policy {
  return { statements: toList(document?.Statement).map(compileStatement) };
}

/**
 * A deny overrides every allow. With a principal, only its statements count (resource policies).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function ask(policies: readonly Policy[], request: AccessRequest, principal?: Principal): Verdict {
  let verdict: Verdict = 'silent';
  for (const policy of policies) {
    for (const statement of policy.statements) {
      const applies = appliesTo(statement, request, principal);
      if (applies === 'no') continue;
      if (!statement.allows) return 'denied';
      if (applies === 'directly') verdict = 'allowed';
      else if (verdict === 'silent') verdict = 'delegated';
    }
  }
  return verdict;
}

function appliesTo(
  statement: Statement,
  request: AccessRequest,
  principal: Principal | undefined,
): 'directly' | 'by account' | 'no' {
  const by = principal === undefined ? 'directly' : principalMatches(statement, principal);
  if (by === 'no') return 'no';
  if (!statement.action(request.action, request.lookup)) return 'no';
  if (!statement.resource(request.resource, request.lookup)) return 'no';
  // An unsupported condition never favours the caller.
  if (statement.unknownCondition) return statement.allows ? 'no' : by;
  return statement.condition(request.lookup) ? by : 'no';
}

function principalMatches(statement: Statement, principal: Principal): 'directly' | 'by account' | 'no' {
  let byAccount = false;
  for (const pattern of statement.principals ?? []) {
    if (pattern.kind === 'any') return 'directly';
    if (pattern.kind === principal.kind && pattern.name === principal.name) return 'directly';
    if (pattern.kind === 'account' && principal.kind === 'role' && pattern.name === principal.accountId) {
      byAccount = true;
    }
  }
  return byAccount ? 'by account' : 'no';
}

function compileStatement(statement: PolicyStatement): Statement {
  const { holds, unknown } = compileCondition(statement.Condition);
  return {
    allows: statement.Effect === 'Allow',
    action: anyOf(statement.Action, statement.NotAction, { ignoreCase: true }),
    // A trust policy has no resource.
    resource:
      statement.Resource === undefined && statement.NotResource === undefined
        ? () => true
        : anyOf(statement.Resource, statement.NotResource, {}),
    principals: statement.Principal === undefined ? undefined : compilePrincipals(statement.Principal),
    condition: holds,
    unknownCondition: unknown,
  };
}

function anyOf(
  wanted: string | readonly string[] | undefined,
  unwanted: string | readonly string[] | undefined,
  options: { readonly ignoreCase?: boolean },
): Pattern {
  const negated = wanted === undefined;
  const patterns = toList(negated ? unwanted : wanted).map((pattern) => compilePattern(pattern, options));
  return (value, lookup) => patterns.some((pattern) => pattern(value, lookup)) !== negated;
}

function compilePrincipals(principal: NonNullable<PolicyStatement['Principal']>): PrincipalPattern[] {
  if (typeof principal === 'string') return principal === '*' ? [{ kind: 'any', name: '*' }] : [];
  return Object.entries(principal).flatMap(([type, names]) =>
    toList(names).map((name): PrincipalPattern => {
      if (type === 'Service') return { kind: 'service', name };
      if (name === '*') return { kind: 'any', name };
      const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
      return account === undefined ? { kind: 'role', name } : { kind: 'account', name: account };
    }),
  );
}

function toList<Entry>(value: Entry | readonly Entry[] | undefined): readonly Entry[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Entry[]) : [value as Entry];
}
