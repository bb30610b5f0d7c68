import type { SupportStatus } from '../../../contract/schemas/support.ts';

export interface SystemRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type SystemAnswer =
  | {
      readonly answered: true;
      readonly status: number;
      /** By lower-case name. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | { readonly answered: false; readonly error: string };

/** Sends one request to the other system, without a repetition. */
export type CallSystem = (request: SystemRequest) => Promise<SystemAnswer>;

export type FailureReason =
  | 'unreachable'
  | 'unavailable'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rejected'
  | 'rate-limited'
  | 'no-answer'
  | 'unexpected-answer';

export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** The same request will never succeed. */
  | { readonly kind: 'rejected'; readonly reason: FailureReason; readonly status?: number; readonly detail?: string }
  /** Nothing was changed. `scope`: whether requests for other tickets would fail, too. */
  | {
      readonly kind: 'later';
      readonly reason: FailureReason;
      readonly scope: 'ticket' | 'system';
      readonly status?: number;
      /** Milliseconds that the other system asked to wait. */
      readonly afterMs?: number;
    }
  /** The request may have been carried out. */
  | {
      readonly kind: 'unknown';
      readonly reason: FailureReason;
      readonly scope: 'ticket' | 'system';
      readonly status?: number;
    };

export interface NewTicket {
  /** Unique, and the same at every attempt. Letters, digits and hyphens. */
  readonly correlation: string;
  readonly summary: string;
  readonly description: string;
  /** Further fields by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of the templates of REST systems. */
  readonly values: TemplateValues;
}

export type TemplateValues = Readonly<Record<string, string>>;

export interface RemoteTicket {
  /** Stable. */
  readonly id: string;
  /** For people. */
  readonly key: string;
  readonly url: string | undefined;
  readonly status: string | undefined;
}

/** The result of a write. */
export interface Written {
  /** Of the comment. */
  readonly id?: string | undefined;
  /** The account of the service in the other system. */
  readonly account?: string | undefined;
}

export type TicketReference = Pick<RemoteTicket, 'id' | 'key'>;

export interface NewComment {
  /** Contains the marker. */
  readonly text: string;
  readonly isInternal: boolean;
  /** Unique, and the same at every attempt. */
  readonly marker: string;
}

/** Of a test of the connection. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * Another system with tickets. No method repeats a request that writes, except after a rejected token: the caller knows
 * what was done before.
 */
export interface TicketSystem {
  create(ticket: NewTicket): Promise<Outcome<RemoteTicket & Pick<Written, 'account'>>>;
  /** @returns a ticket that an earlier attempt created, if the search shows one. */
  findCreated(correlation: string): Promise<Outcome<RemoteTicket | undefined>>;
  /** How long a created object may stay invisible to `findCreated`, in milliseconds. */
  readonly searchDelayMs: number;
  /** @param externalId - id or key, as a person writes it. */
  read(externalId: string): Promise<Outcome<RemoteTicket>>;
  comment(ticket: TicketReference, comment: NewComment): Promise<Outcome<Written>>;
  /** @returns the id of a comment that an earlier attempt wrote; `undefined` if there is none. */
  findComment(
    ticket: TicketReference,
    marker: string,
  ): Promise<Outcome<{ readonly id: string | undefined } | undefined>>;
  /** @param wanted - the value that the status map of the integration names. */
  setStatus(ticket: TicketReference, wanted: string, of: SupportStatus): Promise<Outcome<string | undefined>>;
  /** Whether customers cannot see the comment with this marker. */
  isInternal(ticket: TicketReference, marker: string): Promise<Outcome<boolean>>;
  check(): Promise<readonly Finding[]>;
}
