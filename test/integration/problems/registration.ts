import { password } from '../system/world.ts';
import { slug } from './stage.ts';

export const weakPassword = 'Password-1!';
export const strongPassword = 'Harbour-lamp-72!';

let names = 0;

export function nextNumber(): number {
  names += 1;
  return names;
}

export function registration() {
  const number = nextNumber();
  return {
    tenant: slug,
    ...{ email: `trouble${number}@people.test`, username: `trouble${number}` },
    ...{ firstName: 'New', lastName: 'Comer', password, passwordConfirm: password },
  };
}
