import type { User } from '../../contract/schemas/user.ts';

export type AccountStatus = User['status'];

interface Transition {
  readonly from: AccountStatus;
  readonly to: AccountStatus;
}

export const accountTransitions = {
  approve: { from: 'pending', to: 'active' },
  reject: { from: 'pending', to: 'rejected' },
  suspend: { from: 'active', to: 'suspended' },
  reactivate: { from: 'suspended', to: 'active' },
} as const satisfies Readonly<Record<string, Transition>>;

export type AccountTransition = keyof typeof accountTransitions;

export function judgeTransition(transition: AccountTransition, status: AccountStatus): 'change' | 'done' | 'refuse' {
  const { from, to } = accountTransitions[transition];
  if (status === to) return 'done';
  return status === from ? 'change' : 'refuse';
}
