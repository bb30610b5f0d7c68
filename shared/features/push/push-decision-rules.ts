import type { Notification } from '../../contract/schemas/notification.ts';
import type { PushKind } from '../../contract/schemas/notification.ts';
import { presenceOf, type LeaseState } from '../../core/delivery/presence-rules.ts';
import type { NewNotificationPreferences } from '../../contract/schemas/notification.ts';
import { wantsPush } from '../notifications/preference-rules.ts';
import type { NewNotification } from '../notifications/notification-item.ts';
import type { Push } from './push.ts';
import { lives } from './push-message-rules.ts';

/** What decides whether a user gets a push. */
export interface Listener {
  readonly preferences: NewNotificationPreferences | undefined;
  readonly leases: LeaseState;
  /** The user has read up to here. */
  readonly readSeq: number;
  /** Milliseconds since the epoch; infinite for ever; 0 if the conversation is not muted. */
  readonly mutedUntil: number;
}

/**
 * An urgent push always arrives. Others do not if the user has switched them off, is at a device, or has read the entry.
 * The service knows that a user is at a device, not which conversation is open there: the app shows the others.
 */
export function isPushed(
  { kind, seq }: Pick<Push, 'kind' | 'seq'>,
  { preferences, leases, readSeq, mutedUntil }: Listener,
  at: number,
): boolean {
  if (kind === 'urgent') return true;
  return (
    readSeq < seq &&
    mutedUntil <= at &&
    wantsPush(preferences, kind, at) &&
    presenceOf('', leases, at).status !== 'online'
  );
}

/** Undefined for notifications that need no alert on a locked screen. */
export function pushOfNotification({ userId, kind, conversationId, seq, data, at }: NewNotification): Push | undefined {
  const pushKind = kindOf(userId, kind, data);
  if (pushKind === undefined || seq === undefined) return undefined;
  const dueAt = pushKind === 'sla-warning' && data?.dueAt !== undefined ? Date.parse(data.dueAt) : Infinity;
  return {
    userId,
    kind: pushKind,
    conversationId,
    seq,
    // A locked screen must not show what a person in need wrote.
    shown: {},
    ...(data?.metric === undefined ? {} : { metric: data.metric }),
    validUntil: Math.min(dueAt, at + lives[pushKind]),
  };
}

function kindOf(userId: string, kind: NewNotification['kind'], data: Notification['data']): PushKind | undefined {
  switch (kind) {
    case 'new-message':
      return 'message';
    case 'transferred':
      return data?.toId === userId ? 'assigned' : undefined;
    case 'mention':
    case 'assigned':
    case 'urgent':
    case 'sla-warning':
    case 'sla-breach':
      return kind;
    default:
      return undefined;
  }
}
