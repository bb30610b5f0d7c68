import { ulid } from 'ulid';
import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

export const onAccountOfBob = ({ admin, bob }: Stage) => ({ by: admin, params: { userId: bob.userId } });

/** `who` returns a user whose status does not allow the change. */
export function statusProblems(who: (stage: Stage) => { readonly userId: string }) {
  return {
    'user-not-found': { provoke: (_, { send }) => send({ params: { userId: ulid() } }) },
    'illegal-transition': { provoke: (stage, { send }) => send({ params: { userId: who(stage).userId } }) },
  } as const satisfies Readonly<Record<string, Provocation>>;
}
