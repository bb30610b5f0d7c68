import { attachmentDiscardedEvent } from '../../contract/events/events.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type CommitOutcome, type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type FileProperties, type AttachmentItem, isExamined, sendingMs } from './attachment-item.ts';
import type { Rejected } from './inspection-rules.ts';
import { longestExaminationMs, mostExaminations, mostPendingBytes, mostPendingFiles } from './upload-limits.ts';

export const announcing = { clientId: 'client id', user: 'user' } as const;
export const tenantQuota = 'tenant quota';

export interface UserFiles {
  readonly bytes?: number;
  readonly pending?: number;
  readonly pendingBytes?: number;
}

/** Ready files only. */
export interface TenantFiles {
  readonly bytes?: number;
}

/** A day longer than clients may repeat a send. */
const clientIdLifeMs = 31 * 24 * 60 * 60 * 1000;
const tombstoneLifeMs = clientIdLifeMs;

export interface ClientAttachment {
  readonly attachmentId: string;
}

export async function loadAttachment(scope: TenantScope, attachmentId: string): Promise<AttachmentItem | undefined> {
  return tenantTable(scope).get<AttachmentItem>(keys.attachment(attachmentId), { consistent: true });
}

/** An eventually consistent estimate. {@link markReady} decides. */
export async function hasTenantRoom(scope: TenantScope, quota: number | null, bytes: number): Promise<boolean> {
  if (quota === null) return true;
  const files = await tenantTable(scope).get<TenantFiles>(keys.tenantFiles());
  return (files?.bytes ?? 0) + bytes <= quota;
}

/**
 * Charges the user's quota and limit of pending files. {@link markReady} charges the tenant's quota, so that
 * announcements cannot exhaust it.
 */
export function announce(
  scope: TenantScope,
  item: AttachmentItem,
  userQuotaBytes: number | null,
  clientAttachmentId: string | undefined,
): Promise<CommitOutcome> {
  const { attachmentId, ownerId, counted, createdAt } = item;
  const work = unitOfWork(scope);
  if (clientAttachmentId !== undefined) {
    work.put(
      announcing.clientId,
      keys.clientAttachment(ownerId, clientAttachmentId),
      { attachmentId, expiresAt: seconds(createdAt + clientIdLifeMs) },
      { expression: `${absent.expression} OR #expiresAt < :now`, values: { now: seconds(createdAt) } },
    );
  }
  return work
    .update(
      announcing.user,
      keys.userFiles(ownerId),
      pending(counted, 1),
      both(room(userQuotaBytes, counted), fewPending(counted)),
    )
    .put('file', keys.attachment(attachmentId), item, absent)
    .put('due', keys.attachmentDue(attachmentId), { expiresAt: seconds(item.dueAt) })
    .commit();
}

export async function clientAttachment(
  scope: TenantScope,
  userId: string,
  clientAttachmentId: string,
): Promise<ClientAttachment | undefined> {
  return tenantTable(scope).get<ClientAttachment>(keys.clientAttachment(userId, clientAttachmentId), {
    consistent: true,
  });
}

const stillAnnounced: Expression = { expression: '#status = :announced', values: { announced: 'announced' } };

/** `busy`: others are in progress. `exhausted`: all permitted ones ended without a result. */
export type ExaminationStart = 'begun' | 'busy' | 'exhausted' | 'decided';

export function isBusy({ examinations = 0, examinedAt = 0 }: AttachmentItem, at: number): boolean {
  return examinations >= mostExaminations && at - examinedAt < longestExaminationMs;
}

/**
 * Counts an examination before it begins, so that a file that crashes the function is not examined forever. {@link
 * mostExaminations} may be in progress. {@link forgetExamination} undoes the count.
 */
export async function beginExamination(
  scope: TenantScope,
  attachmentId: string,
  at: number,
): Promise<ExaminationStart> {
  const begun = await tenantTable(scope).update<AttachmentItem>(
    keys.attachment(attachmentId),
    { expression: 'SET #examinedAt = :at ADD #examinations :one', values: { at, one: 1 } },
    both(stillAnnounced, {
      expression: '(attribute_not_exists(#examinations) OR #examinations < :mostExaminations)',
      values: { mostExaminations },
    }),
  );
  if (begun.written) return 'begun';
  if (begun.existing?.status !== 'announced') return 'decided';
  return isBusy(begun.existing, at) ? 'busy' : 'exhausted';
}

/** For a result that could not be stored, which is not the file's fault. */
export async function forgetExamination(scope: TenantScope, attachmentId: string): Promise<void> {
  await tenantTable(scope).update(
    keys.attachment(attachmentId),
    { expression: 'ADD #examinations :one', values: { one: -1 } },
    { expression: '#examinations > :none', values: { none: 0 } },
  );
}

/**
 * Charges the tenant's quota, once. That condition has the label {@link tenantQuota}. The file must be sent within a
 * day.
 */
export function markReady(
  scope: TenantScope,
  item: AttachmentItem,
  properties: FileProperties,
  tenantQuotaBytes: number | null,
  at: number,
): Promise<CommitOutcome> {
  const { attachmentId, ownerId, counted } = item;
  const dueAt = at + sendingMs;
  return unitOfWork(scope)
    .update(
      'file',
      keys.attachment(attachmentId),
      {
        expression: 'SET #status = :ready, #properties = :properties, #dueAt = :dueAt',
        values: { ready: 'ready', properties, dueAt },
      },
      stillAnnounced,
    )
    .put('due', keys.attachmentDue(attachmentId), { expiresAt: seconds(dueAt) })
    .update('user', keys.userFiles(ownerId), noLongerPending(counted))
    .update(tenantQuota, keys.tenantFiles(), add(counted), room(tenantQuotaBytes, counted))
    .commit();
}

/** Refunds the user's quota, once. */
export function markRejected(
  scope: TenantScope,
  item: AttachmentItem,
  { rejection, detail }: Omit<Rejected, 'kind'>,
): Promise<CommitOutcome> {
  const work = unitOfWork(scope).update(
    'file',
    keys.attachment(item.attachmentId),
    {
      expression: 'SET #status = :rejected, #rejection = :rejection, #rejectionDetail = :detail, #counted = :none',
      values: { rejected: 'rejected', rejection, detail, none: 0 },
    },
    stillAnnounced,
  );
  return release(work, item).commit();
}

/**
 * Permanently hides an unsent attachment.
 * @returns false if it was sent or got a later deadline meanwhile.
 */
export async function discard(scope: TenantScope, item: AttachmentItem): Promise<boolean> {
  if (item.status === 'discarded') return true;
  const { written } = await tenantTable(scope).update(
    keys.attachment(item.attachmentId),
    { expression: 'SET #status = :discarded', values: { discarded: 'discarded' } },
    { expression: 'attribute_not_exists(#sentSeq) AND #dueAt = :dueAt', values: { dueAt: item.dueAt } },
  );
  return written;
}

/**
 * Removes a discarded attachment and refunds the quotas, once. A sent one leaves a stub for a month, which recognises a
 * repeated send.
 */
export function forget(scope: TenantScope, item: AttachmentItem, at: number): Promise<CommitOutcome> {
  const key = keys.attachment(item.attachmentId);
  const work = unitOfWork(scope);
  if (item.sentSeq === undefined) {
    work.delete('file', key, { expression: '#status = :discarded', values: { discarded: 'discarded' } });
  } else {
    const expiresAt = seconds(at + tombstoneLifeMs);
    work.update(
      'file',
      key,
      { expression: 'SET #counted = :none, #expiresAt = :expiresAt', values: { none: 0, expiresAt } },
      { expression: '#counted = :counted', values: { counted: item.counted } },
    );
  }
  return release(work, item).commit();
}

/** Removes an attachment in any state and refunds the quotas, once. No repeated send is recognised afterwards. */
export function erase(scope: TenantScope, item: AttachmentItem): Promise<CommitOutcome> {
  const work = unitOfWork(scope).delete('file', keys.attachment(item.attachmentId), {
    expression: '#counted = :counted AND #status = :status',
    values: { counted: item.counted, status: item.status },
  });
  return release(work, item).commit();
}

/** From then on, users cannot load them. */
export function discardWith(work: UnitOfWork, attachmentIds: readonly string[]): void {
  if (attachmentIds.length === 0) return;
  for (const attachmentId of attachmentIds) {
    work.update(`discard ${attachmentId}`, keys.attachment(attachmentId), {
      expression: 'SET #status = :discarded',
      values: { discarded: 'discarded' },
    });
  }
  work.emit(attachmentDiscardedEvent, { attachmentIds: [...attachmentIds] });
}

/** For a file that became ready too late. The event's consumer deletes it. */
export async function discardReady(scope: TenantScope, attachmentId: string): Promise<void> {
  const work = unitOfWork(scope);
  discardWith(work, [attachmentId]);
  await work.commit();
}

/** Spares the bytes of the current examination. */
export async function discardObjects(scope: TenantScope, conversationId: string, attachmentId: string): Promise<void> {
  await unitOfWork(scope)
    .emit(attachmentDiscardedEvent, { attachmentIds: [attachmentId], conversationId })
    .commit();
}

/** Refunds the user's quota, and the tenant's if the file was ready. */
function release(work: UnitOfWork, item: AttachmentItem): UnitOfWork {
  const { ownerId, counted } = item;
  if (counted === 0) return work;
  if (!isExamined(item)) return work.update('user', keys.userFiles(ownerId), pending(-counted, -1));
  return work
    .update('user', keys.userFiles(ownerId), add(-counted))
    .update(tenantQuota, keys.tenantFiles(), add(-counted));
}

function add(bytes: number): Expression {
  return { expression: 'ADD #bytes :bytes', values: { bytes } };
}

function pending(bytes: number, files: 1 | -1): Expression {
  return { expression: 'ADD #bytes :bytes, #pendingBytes :bytes, #pending :files', values: { bytes, files } };
}

function noLongerPending(bytes: number): Expression {
  return { expression: 'ADD #pendingBytes :bytes, #pending :files', values: { bytes: -bytes, files: -1 } };
}

function fewPending(bytes: number): Expression {
  return {
    expression:
      '(attribute_not_exists(#pending) OR (#pending < :mostPendingFiles AND #pendingBytes <= :mostPendingBytes))',
    values: { mostPendingFiles, mostPendingBytes: mostPendingBytes - bytes },
  };
}

function room(quota: number | null, bytes: number): Expression | undefined {
  if (quota === null) return undefined;
  const most = quota - bytes;
  // Without a count, only a file larger than the quota exceeds it.
  return most < 0
    ? { expression: '#bytes < :never', values: { never: 0 } }
    : { expression: '(attribute_not_exists(#bytes) OR #bytes <= :most)', values: { most } };
}

function both(first: Expression | undefined, second: Expression): Expression {
  if (first === undefined) return second;
  return { expression: `${first.expression} AND ${second.expression}`, values: { ...first.values, ...second.values } };
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
