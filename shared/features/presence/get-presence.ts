import type { Presence } from '../../contract/schemas/presence.ts';
import { contactsAmong } from './contacts.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { forgetRunOut, leaseStates } from '../../core/delivery/leases.ts';
import { presenceOf } from '../../core/delivery/presence-rules.ts';

/** Omits people who share no conversation with the caller. Also ends expired leases. */
export async function getPresence(
  { scope, userId }: Principal,
  { ids }: { readonly ids: readonly string[] },
): Promise<{ readonly users: Presence[] }> {
  const visible = await contactsAmong(scope, userId, new Set(ids));
  const states = await leaseStates(scope, [...visible]);
  await settleAll(
    [...states].map(([id, state]) =>
      forgetRunOut(scope, id, state).catch((error: unknown) => {
        log('warn', 'presence.not-ended', { userId: id }, error);
      }),
    ),
  );
  const at = now();
  return { users: [...visible].sort().map((id) => presenceOf(id, states.get(id) ?? { leases: {} }, at)) };
}
