import { createHash } from 'node:crypto';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys, platformKeys } from '../../core/table/keys.ts';
import { platformTable, tenantTable, type UpdateOutcome } from '../../core/table/scoped-table.ts';
import type { Expression } from '../../core/table/expression.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import {
  type AttemptLimit,
  attemptLimits,
  filledShare,
  fullestBucket,
  impossibleFill,
  sourceNetwork,
  successRefund,
  waitingTime,
} from './attempt-limits.ts';

interface BucketItem {
  /** Milliseconds since the epoch. */
  readonly filledTo: number;
  readonly expiresAt: number;
}

export interface AttemptBucket {
  readonly limit: AttemptLimit;
  readonly read: () => Promise<BucketItem | undefined>;
  readonly update: (change: Expression, condition: Expression) => Promise<UpdateOutcome<BucketItem>>;
}

const spareSeconds = 60;
/** An update fails only if a concurrent one succeeded. */
const updateAttempts = 20;

/** @param subject an id, or a keyed hash. */
export function tenantBucket(scope: TenantScope, limit: AttemptLimit, subject: string): AttemptBucket {
  const key = keys.attempts(`${limit.name}#${subject}`);
  const table = tenantTable(scope);
  return {
    limit,
    read: () => table.get(key),
    update: (change, condition) => table.update(key, change, condition),
  };
}

/** Counts across all tenants. */
export function addressBucket(limit: AttemptLimit, sourceIp: string): AttemptBucket {
  const key = platformKeys.attempts(`${limit.name}#${networkHash(sourceIp)}`);
  const table = platformTable();
  return {
    limit,
    read: () => table.get(key),
    update: (change, condition) => table.update(key, change, condition),
  };
}

/**
 * One bucket for the source address, and one for all.
 * @param emailHash keyed hash of the address.
 * @param network the hash of the source address, or the id of the guest who requests the mail.
 */
export function verificationMailBuckets(scope: TenantScope, emailHash: string, network: string): AttemptBucket[] {
  const { verificationMail, verificationMailOfNetwork } = attemptLimits;
  return [
    tenantBucket(scope, verificationMailOfNetwork, `${emailHash}#${network}`),
    tenantBucket(scope, verificationMail, emailHash),
  ];
}

/** A hash of the network of an address, under which its attempts are counted. */
export function networkHash(sourceIp: string): string {
  return createHash('sha256').update(sourceNetwork(sourceIp)).digest('base64url');
}

/**
 * Counts before the work begins. One conditional write decides, so concurrent attempts cannot exceed the limit.
 * @param weight at most the limit's burst.
 * @returns 0 if accepted, else the milliseconds to wait.
 */
export async function countAttempt(bucket: AttemptBucket, weight = 1): Promise<number> {
  const { limit } = bucket;
  for (let attempt = 1; attempt <= updateAttempts; attempt += 1) {
    const at = now();
    const begun = await begin(bucket, at, weight);
    if (begun.written) return 0;
    const wait = waitingTime(limit, begun.existing?.filledTo ?? 0, at, weight);
    if (wait > 0) return wait;
    const added = await add(bucket, at, weight);
    if (added.written) return 0;
    const waitNow = waitingTime(limit, added.existing?.filledTo ?? 0, at, weight);
    if (waitNow > 0) return waitNow;
  }
  return limit.intervalMs;
}

/** The share of the bucket that is filled, from 0 to 1. */
export async function fillOf({ limit, read }: AttemptBucket): Promise<number> {
  return filledShare(limit, (await read())?.filledTo ?? 0, now());
}

/** Counts the first attempt in an empty bucket. */
function begin({ limit, update }: AttemptBucket, at: number, weight: number): Promise<UpdateOutcome<BucketItem>> {
  return update(
    {
      expression: 'SET #filledTo = :filledTo, #expiresAt = :expiresAt',
      values: { filledTo: at + weight * limit.intervalMs, expiresAt: expiry(limit, at) },
    },
    {
      expression: 'attribute_not_exists(#filledTo) OR #filledTo <= :at OR #filledTo > :impossible',
      values: { at, impossible: impossibleFill(limit, at) },
    },
  );
}

function add({ limit, update }: AttemptBucket, at: number, weight: number): Promise<UpdateOutcome<BucketItem>> {
  return update(
    {
      expression: 'SET #filledTo = #filledTo + :interval, #expiresAt = :expiresAt',
      values: { interval: weight * limit.intervalMs, expiresAt: expiry(limit, at) },
    },
    {
      expression: '#filledTo > :at AND #filledTo <= :fullest',
      values: { at, fullest: fullestBucket(limit, at, weight) },
    },
  );
}

function expiry(limit: AttemptLimit, at: number): number {
  return Math.ceil((at + limit.burst * limit.intervalMs) / 1000) + spareSeconds;
}

/** Counts in order, until a bucket is full. Returns the same as {@link countAttempt}. */
export async function countAttempts(buckets: readonly AttemptBucket[]): Promise<number> {
  for (const bucket of buckets) {
    const wait = await countAttempt(bucket);
    if (wait > 0) return wait;
  }
  return 0;
}

/** Refunds most of the weight. */
export async function refundAttempts(buckets: readonly AttemptBucket[]): Promise<void> {
  await settleAll(
    buckets.map(({ limit, update }) =>
      update(
        {
          expression: 'SET #filledTo = #filledTo - :refund',
          values: { refund: Math.floor(limit.intervalMs * successRefund) },
        },
        { expression: 'attribute_exists(#filledTo)' },
      ),
    ),
  );
}
