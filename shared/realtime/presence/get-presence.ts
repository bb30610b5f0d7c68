import type { Presence } from '../../contract/schemas/presence.ts';
import { sharersAmong } from '../../conversations/sharers.ts';
import { now } from '../../runtime/clock.ts';
import { log } from '../../runtime/logger.ts';
import { together } from '../../runtime/together.ts';
import type { Principal } from '../../tenancy/principal.ts';
import { forgetRunOut, leaseStates } from './leases.ts';
import { presenceOf } from './presence-rules.ts';

/**
 * Who is there, of those whom the caller may see. Whoever asks also notices what nobody told: of leases that ran out the
 * others hear then.
 */
export async function getPresence({ scope, userId }: Principal, ids: readonly string[]): Promise<Presence[]> {
  const visible = await sharersAmong(scope, userId, new Set(ids));
  const states = await leaseStates(scope, [...visible]);
  await together(
    [...states].map(([whose, state]) =>
      forgetRunOut(scope, whose, state).catch((error: unknown) => {
        log('warn', 'presence.not-ended', { userId: whose }, error);
      }),
    ),
  );
  const at = now();
  return [...visible].sort().map((whose) => presenceOf(whose, states.get(whose) ?? { leases: {} }, at));
}
