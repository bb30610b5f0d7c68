import { describe, expect, it } from 'vitest';
import { passwordWeakness } from './password-rules.ts';

const person = {
  tenant: 'demo',
  email: 'alice.smith@northwind.example',
  username: 'asmith',
  firstName: 'Alice',
  lastName: 'Smith',
};

describe('password rules', () => {
  it.each(['Correct-Horse-9!', 'xK9#mPq2vLw', 'Tannen-Zapfen-1', 'Ünïcode-Kräuter-3', 'Switchboard-1!'])(
    'accepts %s',
    (password) => {
      expect(passwordWeakness(password, 'password', person)).toEqual([]);
    },
  );

  it.each([
    ['Password-1!', 'common'],
    ['P@ssw0rd123', 'common'],
    ['Qwertyuiop1!', 'common'],
    ['Aa1!Aa1!Aa1!', 'repetition'],
    ['Welcome123!', 'guessable'],
  ])('rejects %s as %s', (password, code) => {
    expect(passwordWeakness(password, 'password', person)).toMatchObject([{ pointer: '/password', code }]);
  });

  it.each(['Alice-Smith-1', 'Northwind-1!', 'aSmith-2026!', 'Alice.Smith@Northwind.Example1', 'Smith-Demo-Alice-7'])(
    'rejects %s, which consists of personal data',
    (password) => {
      expect(passwordWeakness(password, 'newPassword', person)).toMatchObject([{ pointer: '/newPassword' }]);
    },
  );

  it('accepts a password that contains a name when the rest is strong by itself', () => {
    expect(passwordWeakness('alice-xK9#mPq2vLw', 'password', person)).toEqual([]);
  });

  it('rejects a common password when personal data contain special characters of regular expressions', () => {
    expect(passwordWeakness('Password-1!', 'password', { ...person, lastName: '(.*+?' })).toHaveLength(1);
  });
});
