import type { InputOf, UseCase } from '../../core/use-case.ts';
import type { signInAsGuest } from '../../contract/guests/sign-in-as-guest.ts';
import { invalidProof } from '../../contract/guests/problems.ts';
import { clockSkew } from '../../contract/problems.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { deviceIdOf } from './guest-id.ts';
import { checkGuestProof, type ProofFault, proofToleranceSeconds } from './guest-proof.ts';

/** A device that has proven its identity. */
export interface Device {
  readonly deviceId: string;
  /** The id of the proof, which works once, and the time in milliseconds since the epoch until which it is valid. */
  readonly proof?: { readonly id: string; readonly goodUntil: number };
}

type Credentials = Pick<InputOf<typeof signInAsGuest>, 'tenant' | 'proof' | 'deviceSecret'>;
export type SignInRefusal = Extract<Awaited<ReturnType<UseCase<typeof signInAsGuest>>>, Refusal>;

/** Identifies the device by its proof or its secret. */
export function identifyDevice(
  keys: TenantKeys,
  { tenant, proof, deviceSecret = '' }: Credentials,
  { audience, at }: { readonly audience: string; readonly at: number },
): Device | Refusal<typeof invalidProof | typeof clockSkew> {
  if (proof === undefined) return { deviceId: deviceIdOf(keys, 'guest-secret', deviceSecret) };
  const verdict = checkGuestProof(proof, { audience, tenant, at });
  if (!verdict.valid) {
    return verdict.fault === 'time'
      ? refuse(clockSkew, { serverTime: toTimestamp(at) })
      : refuseProof(verdict.fault, explanationOf(verdict.fault, audience));
  }
  const { thumbprint, jti, issuedAt } = verdict;
  const goodUntil = (issuedAt + proofToleranceSeconds) * 1000;
  return { deviceId: deviceIdOf(keys, 'guest-key', thumbprint), proof: { id: jti, goodUntil } };
}

/** Refuses a proof whose `jti` was used before. */
export function refuseUsedProof(): Refusal<typeof invalidProof> {
  return refuseProof('used', 'sign a new proof with a new jti for each request');
}

function refuseProof(code: string, detail: string): Refusal<typeof invalidProof> {
  return refuse(invalidProof, { errors: [{ pointer: '/proof', code, detail }] });
}

function explanationOf(fault: Exclude<ProofFault, 'time'>, audience: string): string {
  return {
    form: 'must be three parts of base64url without padding, with JSON without white space',
    header: 'the header must have exactly alg, typ and jwk, and jwk exactly kty, crv, x and y',
    key: 'jwk must be a point on P-256',
    signature: 'must be signed with the key in the header, as r and s with 32 bytes each',
    claims: 'the payload must have exactly aud, tenant, iat in seconds, and a random jti',
    audience: `aud must be ${audience}`,
    tenant: 'tenant must be that of the request',
  }[fault];
}
