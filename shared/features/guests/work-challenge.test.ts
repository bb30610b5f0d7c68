import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { leadingZeroBits, workText } from '../../contract/guests/work.ts';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import {
  checkWork,
  difficultyAt,
  greatestDifficulty,
  leastDifficulty,
  newChallenge,
  workLifeMs,
} from './work-challenge.ts';

const keys = newTenantKeys();
const subject = { tenantId: 'north', network: 'network' };
const at = 1_795_000_000_000;
const easy = 4;
const issue = (difficulty = easy) => newChallenge(keys, subject, difficulty, at, randomBytes(16).toString('base64url'));

/** Finds a nonce whose hash has at least, or at most, so many zero bits. */
function nonceOf(challenge: string, suits: (bits: number) => boolean): string {
  for (let number = 0; ; number += 1) {
    const nonce = number.toString(36);
    if (suits(leadingZeroBits(createHash('sha256').update(workText(challenge, nonce)).digest()))) return nonce;
  }
}
const solve = (challenge: string) => ({ challenge, nonce: nonceOf(challenge, (bits) => bits >= easy) });

it('counts the zero bits at the start of a hash', () => {
  const bits = [[255], [127], [1], [0, 255], [0, 16], [0, 0]].map((bytes) => leadingZeroBits(Uint8Array.from(bytes)));
  expect(bits).toEqual([0, 1, 7, 8, 11, 16]);
});

it('accepts a solution until the challenge expires', () => {
  const work = solve(issue());
  expect(checkWork(keys, subject, work, at + workLifeMs - 1)).toEqual({ solved: true, goodUntil: at + workLifeMs });
  expect(checkWork(keys, subject, work, at + workLifeMs)).toEqual({ solved: false });
});

it('rejects a nonce with too few zero bits', () => {
  const challenge = issue();
  const nonce = nonceOf(challenge, (bits) => bits === easy - 1);
  expect(checkWork(keys, subject, { challenge, nonce }, at).solved).toBe(false);
});

it('rejects a challenge of another network, tenant or service', () => {
  const work = solve(issue());
  expect(checkWork(keys, { ...subject, network: 'other' }, work, at).solved).toBe(false);
  expect(checkWork(keys, { ...subject, tenantId: 'south' }, work, at).solved).toBe(false);
  expect(checkWork(newTenantKeys(), subject, work, at).solved).toBe(false);
});

it('rejects a challenge that was made easier, prolonged or invented', () => {
  const [, expiry = '', salt = '', seal = ''] = issue(greatestDifficulty).split('.');
  for (const challenge of [
    `${easy}.${expiry}.${salt}.${seal}`,
    `${greatestDifficulty}.${Number(expiry) + 1}.${salt}.${seal}`,
    `0.${expiry}.${salt}.${seal}`,
    'x',
    '',
  ]) {
    expect(checkWork(keys, subject, { challenge, nonce: '0' }, at).solved, challenge).toBe(false);
  }
});

it('raises the difficulty with the load, within its bounds', () => {
  const difficulties = [-1, 0, 0.19, 0.2, 0.5, 0.99, 1, 7].map(difficultyAt);
  expect(difficulties).toEqual([18, 18, 18, 19, 20, 22, 22, 22]);
  expect([leastDifficulty, greatestDifficulty]).toEqual([18, 22]);
});
