import { notify } from '../../notifications/notify.ts';
import { type DeskEvent, notificationsOfDeskEvent } from './desk-notifications.ts';

/** Notifies agents and customers of an event of a support conversation. Guests get no notifications. */
export async function notifyOfDeskEvent(event: DeskEvent): Promise<void> {
  const found = await notificationsOfDeskEvent(event);
  if (found !== undefined) await notify(event.scope, found.notifications);
}
