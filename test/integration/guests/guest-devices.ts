import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { leadingZeroBits, workText } from '../../../shared/contract/guests/work.ts';
import type { Guest } from '../../../shared/contract/schemas/guest.ts';
import type { Answer, IdentitySystem } from '../identity/identity-system.ts';

/** A device with a P-256 key, as a client has it. */
export interface GuestDevice {
  readonly key: KeyObject;
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
}

export function newDevice(): GuestDevice {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { key, jwk: { kty, crv, x, y } };
}

export const newDeviceSecret = () => randomBytes(16).toString('base64url');

export interface ProofClaims {
  readonly aud?: string;
  readonly tenant?: string;
  readonly iat?: number;
  readonly jti?: string;
}

/** Signs a proof. By default, it is valid for the tenant `north` of the identity system. */
export function proofOf({ key, jwk }: GuestDevice, claims: ProofClaims = {}, header: object = {}): string {
  const head = { alg: 'ES256', typ: 'switchboard-guest+jwt', jwk, ...header };
  const standard = { aud: 'https://chat.example', tenant: 'north', iat: Math.floor(Date.now() / 1000) };
  const payload = { ...standard, jti: randomBytes(16).toString('base64url'), ...claims };
  const input = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

export interface Work {
  readonly challenge: string;
  readonly difficulty: number;
}

export function solve({ challenge, difficulty }: Work): { readonly challenge: string; readonly nonce: string } {
  for (let number = 0; ; number += 1) {
    const nonce = number.toString(36);
    const hash = createHash('sha256').update(workText(challenge, nonce)).digest();
    if (leadingZeroBits(hash) >= difficulty) return { challenge, nonce };
  }
}

export interface GuestSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: Guest;
}

export function signInAsGuest(system: IdentitySystem, body: object, sourceIp?: string): Promise<Answer> {
  const options = sourceIp === undefined ? {} : { sourceIp };
  return system.call('signInAsGuest', { body: { tenant: 'north', ...body }, ...options });
}

/** @throws Error if the answer is no session. */
export function guestSessionOf({ status, body }: Answer): GuestSession {
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as unknown as GuestSession;
}

export async function newGuest(system: IdentitySystem, device: GuestDevice, more: object = {}): Promise<GuestSession> {
  return guestSessionOf(await signInAsGuest(system, { proof: proofOf(device), ...more }));
}
