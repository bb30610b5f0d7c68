import { keys } from '../../../shared/core/table/keys.ts';
import type { WalkScene } from '../iam/walk-scene.ts';
import type { Provocation } from '../problems/provocation.ts';
import { slug } from '../problems/stage.ts';
import { type GuestPerson, newGuestPerson } from './guest-person.ts';

/** A request of a guest whose data was erased while the session still lived. */
export const guestWithoutRecord: Provocation = {
  provoke: async ({ test, tables, prefix }, { send }) => {
    const guest = await newGuestPerson(test, slug, 'erased');
    const { pk, sk } = keys.guestProfile(guest.userId);
    await tables.delete(prefix + pk, sk);
    return send({ by: guest });
  },
  changes: 'a guest is created and erased',
};

/** A new guest in the tenant of a walk. */
export function guestOfWalk({ walker }: WalkScene): Promise<GuestPerson> {
  return newGuestPerson(walker.test, walker.cast.slug, 'walker');
}
