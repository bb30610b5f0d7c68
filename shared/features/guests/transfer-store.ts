import { randomBytes } from 'node:crypto';
import { blindIndex } from '../../core/encryption/field-cipher.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { type Key, keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import { type OpenTenant, readAccess } from '../identity/account-store.ts';
import type { AccessRecord, TokenSession } from '../identity/session-access.ts';
import { endAllSessions } from '../identity/session-store.ts';
import type { GuestRecord } from './guest-record.ts';
import { findGuest, type GuestDeviceRecord } from './guest-store.ts';
import { mailedCodeLength, readTransferCode, spellTransferCode, transferCodeLength } from './transfer-code-rules.ts';

/** A code, stored under its keyed hash. */
interface TransferRecord {
  readonly guestId: string;
  /** The session version under which it was created. Ending all sessions ends the code too. */
  readonly sessionVersion: number;
  /** Milliseconds since the epoch. */
  readonly goodUntil: number;
  /** Seconds since the epoch, for the table's time to live. */
  readonly expiresAt: number;
}

export type Transfer =
  | { readonly outcome: 'moved'; readonly access: AccessRecord }
  /** The device belongs to another guest. The code still works. */
  | { readonly outcome: 'other guest' }
  | { readonly outcome: 'invalid' };

const codeLifeMs = 10 * 60 * 1000;
const mailedCodeLifeMs = 24 * 60 * 60 * 1000;
const spareSeconds = 60;

export function storeTransferCode(
  tenant: OpenTenant,
  guestId: string,
  session: Pick<TokenSession, 'sessionVersion'>,
): Promise<StoredCode> {
  return storeCode(tenant, guestId, session, { length: transferCodeLength, lifeMs: codeLifeMs });
}

/** A longer code for the link of a mail. It works for a day. */
export async function storeMailedCode(
  tenant: OpenTenant,
  guestId: string,
  session: Pick<TokenSession, 'sessionVersion'>,
): Promise<string> {
  return (await storeCode(tenant, guestId, session, { length: mailedCodeLength, lifeMs: mailedCodeLifeMs })).code;
}

interface StoredCode {
  readonly code: string;
  readonly goodUntil: number;
}

async function storeCode(
  tenant: OpenTenant,
  guestId: string,
  { sessionVersion }: Pick<TokenSession, 'sessionVersion'>,
  { length, lifeMs }: { readonly length: number; readonly lifeMs: number },
): Promise<StoredCode> {
  const code = spellTransferCode(randomBytes(length));
  const goodUntil = now() + lifeMs;
  const record: TransferRecord = {
    guestId,
    sessionVersion,
    goodUntil,
    expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds,
  };
  await tenantTable(tenant.scope).put(keyOf(tenant, code), record, absent);
  return { code, goodUntil };
}

function keyOf({ keys }: OpenTenant, code: string): Key {
  return tableKeys.transferCode(blindIndex(keys, 'guest-transfer', readTransferCode(code) ?? ''));
}

/**
 * Makes a device a device of the code's guest. Of concurrent uses of a code, one succeeds.
 * @param currentGuestId the guest of the device, if it has one.
 * @param endsOthers whether no other device can use the guest any longer.
 */
export async function redeemTransferCode(
  tenant: OpenTenant,
  code: string,
  device: { readonly deviceId: string; readonly currentGuestId: string | undefined },
  endsOthers: boolean,
): Promise<Transfer> {
  const { scope } = tenant;
  const { deviceId, currentGuestId } = device;
  if (readTransferCode(code) === undefined) return { outcome: 'invalid' };
  for (;;) {
    const stored = await tenantTable(scope).get<TransferRecord>(keyOf(tenant, code), { consistent: true });
    if (stored === undefined || stored.goodUntil <= now()) return { outcome: 'invalid' };
    const { guestId, sessionVersion } = stored;
    const access = await readAccess(scope, guestId);
    const guest = await findGuest(scope, guestId);
    if (access?.role !== 'guest' || access.status !== 'active' || guest === undefined) return { outcome: 'invalid' };
    if (access.sessionVersion !== sessionVersion) return { outcome: 'invalid' };
    if (currentGuestId !== undefined && currentGuestId !== guestId) return { outcome: 'other guest' };

    const work = unitOfWork(scope).delete('code', keyOf(tenant, code), current(now()));
    if (deviceId !== guestId) addingDevice(work, deviceId, guestId);
    admitting(work, guest.record, deviceId, endsOthers);
    if (endsOthers) endAllSessions(work, access);
    else work.check('access', tableKeys.userAccess(guestId), unchanged(access));
    const outcome = await work.commit();
    if (outcome.committed) return { outcome: 'moved', access: endsOthers ? withoutSessions(access) : access };
    if (outcome.failed === 'device' || outcome.failed === 'own guest') return { outcome: 'other guest' };
    // The code was used, or the guest changed since it was read: decide by the current records.
  }
}

function addingDevice(work: UnitOfWork, deviceId: string, guestId: string): void {
  const record: GuestDeviceRecord = { guestId };
  work
    .put('device', tableKeys.guestDevice(deviceId), record, {
      expression: 'attribute_not_exists(#pk) OR #guestId = :guestId',
      values: { guestId },
    })
    .check('own guest', tableKeys.userAccess(deviceId), absent);
}

/** Adds the device to the list of devices that may sign in, if there is or will be one. */
function admitting(work: UnitOfWork, record: GuestRecord, deviceId: string, endsOthers: boolean): void {
  if (!endsOthers && record.onlyDevices === undefined) return;
  const before = endsOthers ? [] : (record.onlyDevices ?? []);
  const after: GuestRecord = {
    ...record,
    onlyDevices: [...before.filter((id) => id !== deviceId), deviceId],
    revision: record.revision + 1,
  };
  work.put('guest', tableKeys.guestProfile(record.guestId), after, {
    expression: '#revision = :read',
    values: { read: record.revision },
  });
}

const current = (at: number): Expression => ({ expression: '#goodUntil > :at', values: { at } });

function unchanged({ sessionVersion, status }: AccessRecord): Expression {
  return {
    expression: '#sessionVersion = :version AND #status = :status',
    values: { version: sessionVersion, status },
  };
}

function withoutSessions(access: AccessRecord): AccessRecord {
  return { ...access, sessionVersion: access.sessionVersion + 1, endedSessions: {} };
}
