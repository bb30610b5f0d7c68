import type { sendPushesConsumer } from '../../contract/events/consumers.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { readDevices } from '../devices/device-store.ts';
import { forgetDevices } from '../devices/forget-devices.ts';
import { readAccess } from '../identity/account-store.ts';
import { isSessionAlive } from '../identity/session-access.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { pushesOfEvent } from './pushes-of-event.ts';
import { sendPushes, withdrawPushes } from './send-pushes.ts';

export type PushEvent = ConsumedEvent<(typeof sendPushesConsumer.events)[number]>;

/** A repeated event sends nothing again. */
export async function pushEvent(event: PushEvent): Promise<void> {
  if (event.type === 'user.sessions-ended') return forgetEnded(event.scope, event.data.userId);
  if (event.type === 'conversation.read') return withdrawPushes(event, event.data);
  const found = await pushesOfEvent(event);
  if (found !== undefined && found.pushes.length > 0) await sendPushes(event, found);
}

/** The event may be late: only devices of sessions that have ended by now are deleted. */
async function forgetEnded(scope: TenantScope, userId: string): Promise<void> {
  const devices = await readDevices(scope, userId);
  if (devices.length === 0) return;
  const access = await readAccess(scope, userId);
  const ended = devices.filter((device) => access === undefined || !isSessionAlive(access, device));
  await forgetDevices(scope, userId, ended);
}
