import { now } from '../../core/runtime/clock.ts';
import { absent, present } from '../../core/table/expression.ts';
import { platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { readAccess } from './account-store.ts';
import { hashOfSecret, newSecret } from './one-time-secret.ts';
import { isSessionAlive } from './session-access.ts';

/** Stored under the hash of its secret. Read before the tenant is known. */
interface TicketRecord {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** Milliseconds since the epoch. The ticket ends with the access token. */
  readonly tokenExpiresAt: number;
  readonly goodUntil: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Too short for misuse after the ticket appears in a log. */
const ticketLifeMs = 30_000;
const spareSeconds = 60;
const pattern = /^[A-Za-z0-9_-]{43}$/;

/** The ticket opens one WebSocket within 30 seconds. */
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

/** Of concurrent uses, one succeeds. Undefined if the access token that requested the ticket is no longer valid. */
export async function redeemTicket(ticket: string): Promise<Principal | undefined> {
  if (!pattern.test(ticket)) return undefined;
  const redeemed = await platformTable().delete<TicketRecord>(platformKeys.ticket(hashOfSecret(ticket)), present);
  if (!redeemed.written) return undefined;
  const { tenantId, userId, sessionId, sessionVersion, tokenExpiresAt, goodUntil } = redeemed.item;
  if (Math.min(goodUntil, tokenExpiresAt) <= now()) return undefined;
  const scope = (await findTenantById(tenantId))?.scope;
  if (scope === undefined) return undefined;
  const access = await readAccess(scope, userId);
  if (access === undefined || !isSessionAlive(access, { sessionId, sessionVersion })) return undefined;
  return { scope, tenantId, userId, role: access.role, sessionId, sessionVersion, expiresAt: tokenExpiresAt };
}
