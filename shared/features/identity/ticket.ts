import { now } from '../../core/runtime/clock.ts';
import { absent, present } from '../../core/table/expression.ts';
import { platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { readAccess } from './account-store.ts';
import { hashOfSecret, newSecret } from './one-time-secret.ts';
import { isSessionAlive } from './session-access.ts';

/** What a ticket stands for, under the hash of its secret: read before the tenant is known. */
interface TicketRecord {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  /** The version of the access token that requested the ticket: the ticket ends with the token. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch: when the access token expires that asked for the ticket. */
  readonly tokenExpiresAt: number;
  readonly goodUntil: number;
  /** Seconds, for the table's deletion. */
  readonly expiresAt: number;
}

/** Long enough to open a socket, too short to be found in a log in time. */
const ticketLifeMs = 30_000;
const spareSeconds = 60;
const pattern = /^[A-Za-z0-9_-]{43}$/;

/** A ticket that lets the caller's session open one WebSocket within 30 seconds. */
export async function issueTicket(
  principal: Principal,
): Promise<{ readonly ticket: string; readonly goodUntil: number }> {
  const ticket = newSecret();
  const goodUntil = now() + ticketLifeMs;
  const record: TicketRecord = {
    tenantId: principal.tenantId,
    userId: principal.userId,
    sessionId: principal.sessionId,
    sessionVersion: principal.sessionVersion,
    tokenExpiresAt: principal.expiresAt,
    goodUntil,
    expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds,
  };
  await platformTable().put(platformKeys.ticket(hashOfSecret(ticket)), record, absent);
  return { ticket, goodUntil };
}

/**
 * Consumes a ticket: of concurrent uses, one succeeds. Returns the caller if the access token that requested the ticket
 * is still valid.
 */
export async function redeemTicket(ticket: string): Promise<Principal | undefined> {
  if (!pattern.test(ticket)) return undefined;
  const taken = await platformTable().delete<TicketRecord>(platformKeys.ticket(hashOfSecret(ticket)), present);
  if (!taken.written) return undefined;
  const { tenantId, userId, sessionId, sessionVersion, tokenExpiresAt, goodUntil } = taken.item;
  if (Math.min(goodUntil, tokenExpiresAt) <= now()) return undefined;
  const scope = (await findTenantById(tenantId))?.scope;
  if (scope === undefined) return undefined;
  const access = await readAccess(scope, userId);
  if (access === undefined || !isSessionAlive(access, { sessionId, sessionVersion })) return undefined;
  return { scope, tenantId, userId, role: access.role, sessionId, sessionVersion, expiresAt: tokenExpiresAt };
}
