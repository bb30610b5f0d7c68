import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { count } from '../../core/runtime/metrics.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { membershipsOf } from '../conversations/list-conversations.ts';
import type { Device } from '../devices/device-item.ts';
import { changeDevices } from '../devices/device-store.ts';
import { forgetDevices } from '../devices/forget-devices.ts';
import { unreadTotalOf } from '../receipts/get-unread-count.ts';
import { type ListenerWithDevices, listenersOf } from './listeners.ts';
import { publishPush, type PublishOutcome } from './publish-push.ts';
import { isPushed } from './push-decision-rules.ts';
import { alertMessage, lifeSeconds, withdrawalLifeMs, withdrawalMessage } from './push-message-rules.ts';
import type { PlatformMessage, Push } from './push.ts';
import type { EventPushes } from './pushes-of-event.ts';
import { isMarkedSent, markSent, type SentPush, unmarkSent } from './sent-pushes.ts';

interface PushedEvent {
  readonly id: string;
  readonly scope: TenantScope;
}

const concurrentUsers = 10;
/** Above it, a badge would cost too many reads. The device keeps its number. */
const mostCounted = 1000;

/** @throws Error of the first failure, after it tried every device. */
export async function sendPushes(event: PushedEvent, { pushes, entry }: EventPushes): Promise<void> {
  const at = now();
  const conversationId = pushes[0]?.conversationId ?? '';
  const byUser = new Map(pushes.filter((push) => lifeSeconds(push, at) > 0).map((push) => [push.userId, push]));
  const listeners = await listenersOf(event.scope, conversationId, [...byUser.keys()]);
  await toAll(event, listeners, async (listener) => {
    const own = byUser.get(listener.userId);
    if (own === undefined || !isPushed(own, listener, at)) return undefined;
    const newest = { conversationId, count: entry.state.count };
    const badge = await badgeOf(event.scope, listener.userId, newest);
    return { ...own, messageFor: ({ platform }) => alertMessage(platform, own, badge, now()) };
  });
}

/** Withdraws what a user has read on another device. */
export async function withdrawPushes(
  event: PushedEvent & { readonly at: string },
  { userId, ...read }: { readonly userId: string; readonly conversationId: string; readonly readSeq: number },
): Promise<void> {
  const validUntil = Date.parse(event.at) + withdrawalLifeMs;
  if (validUntil <= now()) return;
  const listeners = await listenersOf(event.scope, read.conversationId, [userId]);
  await toAll(event, listeners, async () => {
    const badge = await badgeOf(event.scope, userId);
    return { ...read, userId, validUntil, messageFor: ({ platform }) => withdrawalMessage(platform, read, badge) };
  });
}

type OutgoingPush = Pick<Push, 'userId' | 'conversationId' | 'validUntil'> & {
  readonly kind?: Push['kind'];
  messageFor(device: Device): PlatformMessage;
};

async function toAll(
  event: PushedEvent,
  listeners: readonly ListenerWithDevices[],
  pushFor: (listener: ListenerWithDevices) => Promise<OutgoingPush | undefined>,
): Promise<void> {
  const failures: unknown[] = [];
  const push = async (listener: ListenerWithDevices): Promise<void> => {
    try {
      const own = await pushFor(listener);
      if (own === undefined) return;
      for (const device of listener.devices) {
        await pushTo(event, own, device).catch((error: unknown) => failures.push(error));
      }
    } catch (error) {
      failures.push(error);
    }
  };
  for await (const _ of mapConcurrent(listeners, concurrentUsers, push)) void _;
  if (failures.length > 0) throw failures[0];
}

/** The number that `getUnreadCount` returns. */
async function badgeOf(
  scope: TenantScope,
  userId: string,
  newest?: { readonly conversationId: string; readonly count: number },
): Promise<number | undefined> {
  const memberships = await membershipsOf({ scope, userId });
  if (memberships.length > mostCounted) return undefined;
  return (await unreadTotalOf({ scope, userId }, memberships, newest)).messages;
}

/**
 * Marks a push before it sends it: a function that dies in between loses it. An urgent one is marked afterwards: a
 * function that dies in between sends it again, and the device replaces the first by the second.
 */
async function pushTo(event: PushedEvent, push: OutgoingPush, device: Device): Promise<void> {
  const { scope } = event;
  const sent: SentPush = {
    eventId: event.id,
    userId: push.userId,
    deviceId: device.id,
    validUntil: push.validUntil,
  };
  const isUrgent = push.kind === 'urgent';
  if (isUrgent ? await isMarkedSent(scope, sent) : !(await markSent(scope, sent))) return;
  let outcome: PublishOutcome;
  try {
    outcome = await publishPush(device.endpointArn, push.messageFor(device));
  } catch (error) {
    if (!isUrgent) await unmarkSent(scope, sent);
    throw error;
  }
  if (isUrgent) await markSent(scope, sent);
  await follow(event, push, device, outcome);
}

async function follow(
  { id, scope }: PushedEvent,
  push: OutgoingPush,
  device: Device,
  outcome: PublishOutcome,
): Promise<void> {
  const { userId, conversationId } = push;
  switch (outcome) {
    case 'sent':
      count('PushSent');
      return;
    case 'gone':
      return forgetDevices(scope, userId, [device]);
    case 'disabled':
      return disable(scope, userId, device);
    case 'stopped':
    case 'rejected':
      log('error', `push.${outcome}`, { eventId: id, tenantId: scope.tenantId, conversationId });
      count(outcome === 'stopped' ? 'PushPlatformDisabled' : 'PushRejected');
      return;
  }
}

/** Until the app registers the device again. */
async function disable(scope: TenantScope, userId: string, { claimId }: Device): Promise<void> {
  await changeDevices(scope, userId, (devices) =>
    devices.some((device) => device.claimId === claimId)
      ? devices.map((device) => (device.claimId === claimId ? { ...device, disabledAt: now() } : device))
      : devices,
  );
}
