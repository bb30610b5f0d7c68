import type { Role } from '../../../shared/contract/schemas/user.ts';
import { password, type Person, type TenantWorld } from '../system/world.ts';

export interface World {
  readonly north: TenantWorld;
  readonly south: TenantWorld;
  readonly staff: Person;
}

export interface Caller {
  readonly name: string;
  readonly role: Role | undefined;
  readonly token: string | undefined;
  readonly person: Person;
  /** Staff belong to no tenant with conversations. */
  readonly home: TenantWorld | undefined;
  readonly foreign: TenantWorld;
}

export function callersOf({ north, south, staff }: World): readonly Caller[] {
  const inside = (name: string, role: Role, person: Person, home: TenantWorld): Caller => {
    return { name, role, token: person.token, person, home, foreign: home === north ? south : north };
  };
  const outside = { role: undefined, person: north.alice, home: north, foreign: south };
  const forged = north.alice.token.replace(/[^.]+$/, (signature) => [...signature].reverse().join(''));
  return [
    { ...outside, name: 'a caller without a session', token: undefined },
    { ...outside, name: 'a forger', token: forged },
    inside('a guest', 'guest', north.guest, north),
    inside('a member', 'member', north.alice, north),
    inside('an agent', 'agent', north.agent, north),
    inside('an admin', 'admin', north.admin, north),
    { name: 'staff', role: 'staff', token: staff.token, person: staff, home: undefined, foreign: south },
    inside('a member of another tenant', 'member', south.alice, south),
    inside('an admin of another tenant', 'admin', south.admin, south),
  ];
}

/** Must appear in no log and no event. */
export function secretsOf({ north, south, staff }: World): string[] {
  const people = [north, south].flatMap(({ admin, agent, alice, bob, carol, guest }) => {
    return [admin, agent, alice, bob, carol, guest];
  });
  return [
    ...[north, south].flatMap(({ canary, textCanary }) => [canary, textCanary]),
    ...['canarystaff', password],
    ...[...people, staff].flatMap(({ token, refreshToken }) => [token, refreshToken]),
  ];
}
