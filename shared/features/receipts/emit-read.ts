import { conversationReadEvent } from '../../contract/events/events.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasDevices } from '../devices/device-store.ts';
import { sinksOf } from '../sinks/sink-store.ts';

/**
 * Makes the user's devices withdraw the pushes of what was read elsewhere. In tenants without devices, it costs one read
 * in 30 seconds. Never fails: a device then shows the push until its user opens the app.
 */
export async function emitRead(
  scope: TenantScope,
  read: { readonly conversationId: string; readonly userId: string; readonly readSeq: number },
): Promise<void> {
  try {
    if (!(await sinksOf(scope)).includes('push') || !(await hasDevices(scope, read.userId))) return;
    await unitOfWork(scope).emit(conversationReadEvent, read).commit();
  } catch (error) {
    log('warn', 'receipts.read-not-announced', { tenantId: scope.tenantId }, error);
    count('Failures');
  }
}
