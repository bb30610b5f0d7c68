import type { Gate } from './gate-rules.ts';

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Stored at `laneKeys.delivery`. Times are milliseconds since the epoch. */
export interface DeliveryItem {
  readonly deliveryId: string;
  readonly lane: string;
  readonly position: string;
  readonly type: string;
  /** Encrypted. */
  readonly body: Uint8Array;
  readonly status: DeliveryStatus;
  /** When it was last stored as pending. Its life begins then. */
  readonly createdAt: number;
  /** Failed ones since then. */
  readonly failures: number;
  /** All of them. */
  readonly attempts: number;
  readonly lastAttemptAt?: number;
  /** Of the last attempt. */
  readonly error?: string;
  readonly httpStatus?: number;
  /** Encrypted. */
  readonly answer?: Uint8Array;
  readonly replays?: number;
  /** The replay of a range that last included it. */
  readonly replayId?: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Stored at `laneKeys.lane` while deliveries wait, and for an hour afterwards. */
export interface LaneItem {
  /** Absent while no delivery waits, and while the lane is parked. */
  readonly wakeAt?: number;
  /** The function that works on the lane has it until then. */
  readonly busyUntil?: number;
  /** The lane waits until its destination works. */
  readonly parkedAt?: number;
  /** When its first delivery is due. */
  readonly notBefore?: number;
  readonly lastPosition?: string;
  /** Counts the deliveries that were added. */
  readonly revision: number;
  readonly expiresAt?: number;
}

/** Stored at `laneKeys.gate`. */
export interface GateItem extends Partial<Gate> {
  readonly revision: number;
  /** Parked lanes are woken. */
  readonly opening?: true;
  /** The lane that last probed. */
  readonly lastProbe?: string;
  readonly wakeAt?: number;
  readonly expiresAt?: number;
}

/** Longer than the seven days for which deliveries can be replayed at least. */
export const recordLifeMs = 30 * 24 * 60 * 60 * 1000;
export const answerBytes = 1024;
