export type PolicyDecision = 'allowed' | 'denied' | 'explicitly denied';

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/**
 * An explicit deny overrides every allow.
 *
 * @returns undefined if the document is malformed.
 */
export function policyDecision(document: unknown, methodArn: string): PolicyDecision | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const statements = listOf((document as { Statement?: unknown }).Statement) as Statement[];
  if (statements.length === 0) return undefined;
  let decision: PolicyDecision = 'denied';
  for (const statement of statements) {
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return undefined;
    const applies =
      listOf(statement.Action).some((action) => matches(String(action), 'execute-api:Invoke', true)) &&
      listOf(statement.Resource).some((resource) => matches(String(resource), methodArn, false));
    if (!applies) continue;
    if (statement.Effect === 'Deny') return 'explicitly denied';
    decision = 'allowed';
  }
  return decision;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function matches(pattern: string, value: string, ignoreCase: boolean): boolean {
  if (pattern === '*' || pattern === value) return true;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's').test(value);
}
