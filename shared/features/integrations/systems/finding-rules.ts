import type { FailureReason, Finding, Outcome } from './ticket-system.ts';

const explanations: Readonly<Record<FailureReason, string>> = {
  unreachable: 'The address does not answer. Check the URL.',
  unavailable: 'The system is not available now. Repeat the test later.',
  unauthorized:
    'The system rejects the credentials. Check user, token or client, and that this way to sign in is switched on.',
  forbidden: 'The user lacks a role or a permission for this.',
  'not-found': 'The system does not know this table, project, request type or path.',
  rejected: 'The system rejects the request.',
  'rate-limited': 'The system limits requests now. Repeat the test later.',
  'no-answer': 'The system did not answer in time.',
  'unexpected-answer': 'The answer is not what this kind of system sends. Check the URL.',
};

export function explanationOf(reason: FailureReason): string {
  return explanations[reason];
}

export function findingOf(check: string, outcome: Outcome<unknown>, ok: string): Finding {
  if (outcome.kind === 'done') return { check, ok: true, detail: ok };
  const detail = outcome.kind === 'rejected' && outcome.detail !== undefined ? ` ${outcome.detail}` : '';
  return { check, ok: false, detail: `${explanationOf(outcome.reason)}${detail}` };
}
