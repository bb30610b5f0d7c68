import type { AlertedGroup, Priority, SlaMetric, SlaView, SupportStatus } from '../../contract/schemas/support.ts';
import type { TicketView } from '../../contract/schemas/ticket.ts';

/**
 * The state of a support conversation. It changes only in the transaction of a log entry, so the log orders all changes.
 * Times are milliseconds since the epoch.
 */
export interface SupportState {
  readonly status: SupportStatus;
  readonly priority: Priority;
  /** The guest or user who needs help. */
  readonly customerId: string;
  readonly teamId?: string;
  readonly assigneeId?: string;
  /** The name that customers see. */
  readonly assigneeName?: string;
  readonly assignedAt?: number;
  readonly tags: readonly string[];
  /** Wanted of an agent. */
  readonly language?: string;
  readonly skills?: readonly string[];
  readonly openedAt: number;
  /** The first customer message without an answer, or the opening. A transfer keeps it. */
  readonly waitingSince?: number;
  readonly clocks: SlaClocks;
  /** The clock that matters most, as agents see it. */
  readonly sla?: SlaView;
  readonly urgency?: Urgency;
  readonly resolvedAt?: number;
  readonly closedAt?: number;
  readonly archived?: true;
  readonly ticket?: TicketView;
  readonly wipedAt?: number;
}

export type SlaClocks = Partial<Readonly<Record<SlaMetric, SlaClock>>>;

/** A service-level clock. Its target counts business hours only. */
export interface SlaClock {
  readonly startedAt: number;
  readonly targetMinutes: number;
  /** Business milliseconds that were used until `since`, or in total if the clock does not run. */
  readonly usedMs: number;
  /** Present while the clock runs. */
  readonly since?: number;
  /** Present while the clock runs and the calendar has business hours. */
  readonly dueAt?: number;
  readonly warnAt?: number;
  readonly warned?: true;
  readonly breached?: true;
  /** Present once the clock has stopped for good. */
  readonly metAt?: number;
}

export interface Urgency {
  readonly raisedAt: number;
  /** Number of the entry that raised the conversation. */
  readonly seq: number;
  /** Steps of the ladder that were taken. */
  readonly step: number;
  /** The people whom the latest steps alerted. */
  readonly alerted?: readonly AlertedGroup[];
  /** When the next step is due; absent after the acknowledgement. */
  readonly nextAt?: number;
  readonly acknowledgedAt?: number;
  readonly acknowledgedBy?: string;
}
