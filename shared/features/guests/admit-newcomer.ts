import { randomBytes } from 'node:crypto';
import { proofOfWorkRequired } from '../../contract/guests/problems.ts';
import { tooManyAttempts } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import type { OpenTenant } from '../identity/account-store.ts';
import { countAttempt, countAttempts, fillOf, networkHash, tenantBucket } from '../identity/attempt-counter.ts';
import { guestLimits } from './guest-limits.ts';
import { useOnce } from './used-once.ts';
import { checkWork, difficultyAt, newChallenge, type WorkSubject } from './work-challenge.ts';

/** The subject of the limits of a whole tenant. */
const everyone = 'all';

/**
 * Decides whether a new guest may be created: within the limits of the address and the tenant, or with a solved
 * challenge, which works once and only counts in a limit of its own. The difficulty rises with the number of challenges
 * that the tenant's newcomers solve.
 * @returns undefined if the newcomer is admitted.
 */
export async function admitNewcomer(
  tenant: OpenTenant,
  sourceIp: string,
  work: { readonly challenge: string; readonly nonce: string } | undefined,
): Promise<Refusal<typeof proofOfWorkRequired | typeof tooManyAttempts> | undefined> {
  const { scope, keys } = tenant;
  const subject: WorkSubject = { tenantId: scope.tenantId, network: networkHash(sourceIp) };
  const load = tenantBucket(scope, guestLimits.workOfTenant, everyone);
  const verdict = work && checkWork(keys, subject, work, now());
  if (work !== undefined && verdict?.solved === true) {
    const wait = await countAttempt(tenantBucket(scope, guestLimits.workOfAddress, subject.network));
    if (wait > 0) return refuse(tooManyAttempts, { retryAfterMs: wait });
    if (await useOnce(tenant, 'guest-work', work.challenge, verdict.goodUntil)) {
      await countAttempt(load);
      return undefined;
    }
  }
  const retryAfterMs = await countAttempts([
    tenantBucket(scope, guestLimits.newOfAddress, subject.network),
    tenantBucket(scope, guestLimits.newOfTenant, everyone),
  ]);
  if (retryAfterMs === 0) return undefined;
  const difficulty = difficultyAt(await fillOf(load));
  const challenge = newChallenge(keys, subject, difficulty, now(), randomBytes(16).toString('base64url'));
  return refuse(proofOfWorkRequired, { retryAfterMs, work: { challenge, difficulty } });
}
