import { password } from '../system/world.ts';
import { slug } from './stage.ts';

/** A password that is too easy to guess, and one that is accepted. */
export const weakPassword = 'Password-1!';
export const strongPassword = 'Harbour-lamp-72!';

let names = 0;

/** A number that no test used before, for names. */
export function nextNumber(): number {
  names += 1;
  return names;
}

/** The body of a registration with a new address and user name. */
export function registration() {
  const number = nextNumber();
  return {
    tenant: slug,
    ...{ email: `trouble${number}@people.test`, username: `trouble${number}` },
    ...{ firstName: 'New', lastName: 'Comer', password, passwordConfirm: password },
  };
}
