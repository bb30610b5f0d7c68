import type { SupportStatus } from '../../contract/schemas/support.ts';
import type { TicketView } from '../../contract/schemas/ticket.ts';
import { backOffMs } from './gate-rules.ts';
import type { RemoteTicket } from './systems/ticket-system.ts';
import type { Failure } from './systems/answer-rules.ts';
import type { Attempt, Fuse, TicketLink } from './ticket-link.ts';

/** Chat lines of this time become one comment, because systems limit the writes to a ticket. */
export const batchMs = 30_000;
/** Longer than a turn of the consumer. */
export const busyMs = 150_000;
/** After an announcement that no consumer handled, such as one in the dead-letter queue. */
export const watchdogMs = 5 * 60_000;

/** A timer that is late by more than this was lost. */
const lostMs = 30 * 60_000;

const fuseMs = 5 * 60_000;
export const mostSyncs = 20;
/** More than ten hours. */
const mostTicketFailures = 25;

export function newLink(
  {
    conversationId,
    integrationId,
    wantedSeq,
  }: { readonly conversationId: string; readonly integrationId: string; readonly wantedSeq: number },
  now: number,
): TicketLink {
  return {
    conversationId,
    integrationId,
    state: 'pending',
    revision: 1,
    correlation: correlationOf(conversationId),
    createdAt: now,
    syncedSeq: 0,
    wantedSeq,
    behindSince: now,
    failures: 0,
    fuse: { since: now, count: 0 },
    wakeAt: now + watchdogMs,
  };
}

export function correlationOf(conversationId: string): string {
  return `sb-${conversationId.toLowerCase()}`;
}

/** No marker is the beginning of another. */
export function markerOf({ correlation }: Pick<TicketLink, 'correlation'>, toSeq: number): string {
  return `${correlation}-${String(toSeq).padStart(9, '0')}`;
}

export function isActive({ state }: Pick<TicketLink, 'state'>): boolean {
  return state === 'pending' || state === 'linked';
}

/** An event announced an entry. Undefined if this changes nothing. */
export function noticed(link: TicketLink, seq: number, now: number): TicketLink | undefined {
  if (seq <= Math.max(link.wantedSeq, link.syncedSeq) || link.state === 'ended') return undefined;
  const behindSince = link.behindSince ?? now;
  const next = { ...link, wantedSeq: seq, behindSince };
  // A busy turn, a timer and an admin's replay look at `wantedSeq` themselves.
  const waits = link.wakeAt !== undefined && link.wakeAt > now - lostMs;
  return isActive(link) && !waits ? { ...next, wakeAt: now + batchMs } : next;
}

export function isBusy({ busyUntil }: TicketLink, now: number): boolean {
  return busyUntil !== undefined && now < busyUntil;
}

/** The timer returns if the turn dies. */
export function claimed(link: TicketLink, now: number): TicketLink {
  const busyUntil = now + busyMs;
  return { ...link, busyUntil, wakeAt: Math.max(link.wakeAt ?? 0, busyUntil) };
}

/** Ends a turn that sent everything up to `syncedSeq`. */
export function released(link: TicketLink, now: number): TicketLink {
  const { busyUntil: _busy, wakeAt: _wake, behindSince, ...rest } = link;
  if (!isActive(link)) return withBehind(rest, behindSince);
  const isBehind = link.wantedSeq > link.syncedSeq;
  return isBehind ? { ...rest, behindSince: behindSince ?? now, wakeAt: now + batchMs } : rest;
}

function withBehind(link: TicketLink, behindSince: number | undefined): TicketLink {
  return behindSince === undefined ? link : { ...link, behindSince };
}

export function postponed(link: TicketLink, until: number): TicketLink {
  const { busyUntil: _, ...rest } = link;
  return { ...rest, wakeAt: until };
}

export function attempting(link: TicketLink, attempt: Attempt): TicketLink {
  return { ...link, attempt };
}

export function withTicket(link: TicketLink, { id, key, url, status }: RemoteTicket, now: number): TicketLink {
  return succeeded(
    {
      ...link,
      state: 'linked',
      externalId: id,
      externalKey: key,
      ...(url === undefined ? {} : { url }),
      ...(status === undefined ? {} : { remoteStatus: status }),
    },
    now,
  );
}

/** The other system carried out a request. */
export function succeeded(link: TicketLink, now: number): TicketLink {
  const { attempt: _attempt, reason, detail: _detail, ...rest } = link;
  const ofPause = link.state === 'paused' && reason !== undefined ? { reason } : {};
  return blowing({ ...rest, ...ofPause, failures: 0, fuse: counted(link.fuse, now) });
}

export function counted(fuse: Fuse, now: number): Fuse {
  return now - fuse.since >= fuseMs ? { since: now, count: 1 } : { ...fuse, count: fuse.count + 1 };
}

/** A loop between two systems ends here, whatever causes it. */
export function blowing(link: TicketLink): TicketLink {
  if (link.fuse.count <= mostSyncs || link.state !== 'linked') return link;
  return { ...link, state: 'paused', reason: 'too-many-updates' };
}

export interface FailedCall {
  readonly failure: Failure;
  /** The call looked for the result of an earlier attempt, whose outcome is still not known. */
  readonly isSearch: boolean;
  /** Encrypted. */
  readonly detail: Uint8Array | undefined;
}

/** Failures of the whole system are those of its gate. */
export function failed(link: TicketLink, { failure, isSearch, detail }: FailedCall, now: number): TicketLink {
  const failures = link.failures + (isOfSystem(failure) ? 0 : 1);
  const { attempt, detail: _detail, ...rest } = link;
  // Only a request that may have been carried out needs a search before the next attempt.
  const staysOpen = attempt !== undefined && (isSearch || failure.kind === 'unknown');
  const known = { ...rest, failures, reason: failure.reason, ...(staysOpen ? { attempt } : {}) };
  const isLost = failure.kind === 'rejected' || (failure.scope === 'ticket' && failures >= mostTicketFailures);
  if (isLost) {
    const { busyUntil: _busy, wakeAt: _wake, ...still } = known;
    return { ...still, state: 'failed', ...(detail === undefined ? {} : { detail }) };
  }
  const afterMs = failure.kind === 'later' ? (failure.afterMs ?? 0) : 0;
  return postponed(known, now + Math.max(afterMs, backOffMs(failures)));
}

export function isOfSystem(failure: Failure): boolean {
  return failure.kind !== 'rejected' && failure.scope === 'system';
}

/** An admin resumes the updates. A turn that works on the ticket keeps it: two turns at once could write twice. */
export function resumed(link: TicketLink, now: number): TicketLink {
  const { reason: _reason, detail: _detail, ...rest } = link;
  const state = link.externalId === undefined ? 'pending' : 'linked';
  return { ...rest, state, failures: 0, fuse: { since: now, count: 0 }, wakeAt: now + watchdogMs };
}

export function ended(link: TicketLink): TicketLink {
  const { busyUntil: _busy, wakeAt: _wake, behindSince: _behind, attempt: _attempt, ...rest } = link;
  return { ...rest, state: 'ended' };
}

export function viewOf({ integrationId, state, externalKey, url, remoteStatus }: TicketLink): TicketView {
  return {
    integrationId,
    state,
    ...(externalKey === undefined ? {} : { externalKey }),
    ...(url === undefined ? {} : { url }),
    ...(remoteStatus === undefined ? {} : { status: remoteStatus }),
  };
}

/** The status that the ticket should get, if it is another one than it has. */
export function statusToSend(
  link: TicketLink,
  status: SupportStatus,
  map: Readonly<Partial<Record<SupportStatus, string | undefined>>> = {},
): string | undefined {
  const wanted = map[status];
  if (wanted === undefined || status === link.sentStatus) return undefined;
  const [name] = wanted.split('|');
  return name === link.remoteStatus ? undefined : wanted;
}

export type RemoteStatusChange = { readonly kind: 'none' } | { readonly kind: 'changed'; readonly link: TicketLink };

/** Ignores a status that the ticket has already, and one that is older than the last known change. */
export function withRemoteStatus(link: TicketLink, status: string, at: number): RemoteStatusChange {
  const isOld = at < (link.remoteStatusAt ?? 0);
  if (isOld || status === link.remoteStatus) return { kind: 'none' };
  return { kind: 'changed', link: { ...link, remoteStatus: status, remoteStatusAt: at } };
}
