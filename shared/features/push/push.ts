import type { PushKind } from '../../contract/schemas/notification.ts';

/** An alert for one user. */
export interface Push {
  readonly userId: string;
  readonly kind: PushKind;
  readonly conversationId: string;
  readonly seq: number;
  /** Name and text appear on locked screens, and pass through the platform's servers. */
  readonly shown: ShownContent;
  /** Distinguishes the service-level clocks of a conversation. */
  readonly metric?: string;
  /** Later, the push is worthless. Milliseconds since the epoch. */
  readonly validUntil: number;
}

export interface ShownContent {
  readonly sender?: string;
  readonly text?: string;
}

/** What SNS sends to one device. */
export interface PlatformMessage {
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}
