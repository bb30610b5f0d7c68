import type { WebhookEventType } from '../../contract/events/webhook-events.ts';
import type { EndReason } from '../lanes/lane-kind.ts';

export type ConversationKind = 'direct' | 'group' | 'support';

/** Stored at `webhookKey`. Times are milliseconds since the epoch. URL, description and secrets are encrypted. */
export interface WebhookItem {
  readonly webhookId: string;
  readonly url: Uint8Array;
  readonly description?: Uint8Array;
  readonly types: readonly WebhookEventType[];
  readonly conversationKinds: readonly ConversationKind[];
  readonly isEnabled: boolean;
  /** The service disabled it. */
  readonly disabledReason?: EndReason;
  readonly disabledAt?: number;
  readonly secret: Uint8Array;
  readonly previousSecret?: Uint8Array;
  readonly previousSecretUntil?: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Since then, it has received the events that it subscribes to now. */
  readonly subscribedAt: number;
}

/** Events are stored for replay for this long after the service disabled a webhook. */
export const keptWhileDisabledMs = 7 * 24 * 60 * 60 * 1000;
