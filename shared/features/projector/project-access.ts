import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { announceLostAccess } from '../desk/agents/announce-lost-access.ts';

/** Failures are not retried: clients also receive removals when they catch up. */
export async function projectAccess(changes: readonly ItemChange[]): Promise<void> {
  await settleAll(
    changes.map(async (change) => {
      try {
        await announceLostAccess(change);
      } catch (error) {
        log('warn', 'access.not-announced', { tenantId: change.scope.tenantId }, error);
        count('DeliveryFailed');
      }
    }),
  );
}
