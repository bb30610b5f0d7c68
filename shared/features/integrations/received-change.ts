import { ticketChangeReceivedEvent } from '../../contract/events/events.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { absent } from '../../core/table/expression.ts';
import { integrationKeys } from '../../core/table/integration-keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

export interface DeliveryAddress {
  readonly integrationId: string;
  readonly deliveryId: string;
}

/** A message of another system, stored at `integrationKeys.received`. */
interface ReceivedItem {
  /** Encrypted body. */
  readonly body: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** How often it was held for a ticket that was about to be linked. */
  readonly holds: number;
  readonly outcome?: string;
  readonly expiresAt: number;
}

const keptSeconds = 7 * 24 * 60 * 60;

const boundTo = (scope: TenantScope, { integrationId, deliveryId }: DeliveryAddress) => [
  ...[scope.tenantId, 'integration', integrationId],
  ...['received', deliveryId],
];

/** @returns false if the delivery was received before. */
export async function storeReceived(
  scope: TenantScope,
  address: DeliveryAddress,
  body: string,
  at: number,
): Promise<boolean> {
  const item: ReceivedItem = {
    body: encryptField(await tenantKeys(scope), boundTo(scope, address), body),
    receivedAt: at,
    holds: 0,
    expiresAt: Math.floor(at / 1000) + keptSeconds,
  };
  const outcome = await unitOfWork(scope)
    .put('received', integrationKeys.received(address.integrationId, address.deliveryId), item, absent)
    .emit(ticketChangeReceivedEvent, address)
    .commit();
  return outcome.committed;
}

export interface Received {
  readonly body: string;
  readonly receivedAt: number;
  readonly holds: number;
}

/** @returns undefined if it was handled or has expired. */
export async function readReceived(scope: TenantScope, address: DeliveryAddress): Promise<Received | undefined> {
  const key = integrationKeys.received(address.integrationId, address.deliveryId);
  const item = await tenantTable(scope).get<ReceivedItem>(key, { consistent: true });
  if (item === undefined || item.outcome !== undefined) return undefined;
  const { receivedAt, holds } = item;
  return { receivedAt, holds, body: decryptField(await tenantKeys(scope), boundTo(scope, address), item.body) };
}

export async function recordOutcome(scope: TenantScope, address: DeliveryAddress, outcome: string): Promise<void> {
  const key = integrationKeys.received(address.integrationId, address.deliveryId);
  const change = { expression: `SET #outcome = :outcome REMOVE #${wakeAttribute}`, values: { outcome } };
  await tenantTable(scope).update(key, change, { expression: 'attribute_exists(#pk)' });
}

/** The timer announces the delivery again. */
export async function hold(scope: TenantScope, address: DeliveryAddress, { holds }: Received, until: number) {
  const key = integrationKeys.received(address.integrationId, address.deliveryId);
  const change = {
    expression: `SET #holds = :next, #${wakeAttribute} = :until`,
    values: { next: holds + 1, until },
  };
  await tenantTable(scope).update(key, change, { expression: '#holds = :holds', values: { holds } });
}
