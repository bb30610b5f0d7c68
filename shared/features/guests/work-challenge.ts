import { createHash, timingSafeEqual } from 'node:crypto';
import { leadingZeroBits, workText } from '../../contract/guests/work.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';

/** A second or two on a phone, which computes 150,000 hashes per second in JavaScript. */
export const leastDifficulty = 18;
/** 16 times as much: still bearable for a person, and 16 times as dear for a flood. */
export const greatestDifficulty = 22;
/** Milliseconds in which a challenge must be solved. */
export const workLifeMs = 5 * 60 * 1000;

/** The tenant and the network for which a challenge is valid. */
export interface WorkSubject {
  readonly tenantId: string;
  /** Hash of the caller's network. */
  readonly network: string;
}

export type WorkVerdict = { readonly solved: true; readonly goodUntil: number } | { readonly solved: false };

const pattern = /^([0-9]{1,2})\.([0-9]{13})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** @param load the share of the limit of solved challenges that is used, from 0 to 1. */
export function difficultyAt(load: number): number {
  const range = greatestDifficulty - leastDifficulty + 1;
  return Math.min(greatestDifficulty, leastDifficulty + Math.floor(Math.max(0, load) * range));
}

/**
 * A challenge that only this service can issue. Nothing is stored until it is solved.
 * @param salt 22 random characters of base64url.
 */
export function newChallenge(
  keys: TenantKeys,
  subject: WorkSubject,
  difficulty: number,
  at: number,
  salt: string,
): string {
  const body = `${difficulty}.${at + workLifeMs}.${salt}`;
  return `${body}.${sealOf(keys, subject, body)}`;
}

/** Whether the challenge is genuine and current, and the nonce solves it. Whether it was used is not checked. */
export function checkWork(
  keys: TenantKeys,
  subject: WorkSubject,
  { challenge, nonce }: { readonly challenge: string; readonly nonce: string },
  at: number,
): WorkVerdict {
  const [, difficulty, expiry, salt, seal = ''] = pattern.exec(challenge) ?? [];
  const genuine = sealOf(keys, subject, `${difficulty}.${expiry}.${salt}`);
  if (seal.length !== genuine.length || !timingSafeEqual(Buffer.from(seal), Buffer.from(genuine))) {
    return { solved: false };
  }
  const hash = createHash('sha256').update(workText(challenge, nonce)).digest();
  const goodUntil = Number(expiry);
  return goodUntil > at && leadingZeroBits(hash) >= Number(difficulty)
    ? { solved: true, goodUntil }
    : { solved: false };
}

function sealOf(keys: TenantKeys, { tenantId, network }: WorkSubject, body: string): string {
  return blindIndex(keys, 'guest-work', `${tenantId}\n${network}\n${body}`);
}
