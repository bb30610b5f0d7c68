import { attachmentDiscardedEvent } from '../contract/events/events.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { absent, type Expression } from '../table/expression.ts';
import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import { type CommitOutcome, type UnitOfWork, unitOfWork } from '../table/unit-of-work.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type AttachmentFacts, type AttachmentItem, sendingMs } from './attachment-item.ts';
import type { Rejection } from './inspection-rules.ts';

/** Labels of the conditions under which a file is announced. */
export const announcing = { clientId: 'client id', userQuota: 'user quota', tenantQuota: 'tenant quota' } as const;

/** As long as a client may repeat a send, and a day. */
const clientIdLifeMs = 31 * 24 * 60 * 60 * 1000;
const tombstoneLifeMs = clientIdLifeMs;

export interface ClientAttachment {
  readonly attachmentId: string;
}

/** The newest state of an attachment. */
export async function loadAttachment(scope: TenantScope, attachmentId: string): Promise<AttachmentItem | undefined> {
  return tenantTable(scope).get<AttachmentItem>(keys.attachment(attachmentId), { consistent: true });
}

/** Announces a file: the item, the time at which it is due, and its place in both quotas, together or not at all. */
export function announce(
  scope: TenantScope,
  item: AttachmentItem,
  quotas: Pick<TenantSettings, 'userQuotaBytes' | 'tenantQuotaBytes'>,
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
    .update(announcing.userQuota, keys.userFiles(ownerId), add(counted), room(quotas.userQuotaBytes, counted))
    .update(announcing.tenantQuota, keys.tenantFiles(), add(counted), room(quotas.tenantQuotaBytes, counted))
    .put('file', keys.attachment(attachmentId), item, absent)
    .put('due', keys.attachmentDue(attachmentId), { expiresAt: seconds(item.dueAt) })
    .commit();
}

/** Whose file a client's id stands for, if it does. */
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

/** Notes what was found out, once; then there is a day to send it. */
export function markReady(
  scope: TenantScope,
  attachmentId: string,
  facts: AttachmentFacts,
  at: number,
): Promise<CommitOutcome> {
  const dueAt = at + sendingMs;
  return unitOfWork(scope)
    .update(
      'file',
      keys.attachment(attachmentId),
      {
        expression: 'SET #status = :ready, #facts = :facts, #dueAt = :dueAt',
        values: { ready: 'ready', facts, dueAt },
      },
      stillAnnounced,
    )
    .put('due', keys.attachmentDue(attachmentId), { expiresAt: seconds(dueAt) })
    .commit();
}

/** Notes why it was not taken, once, and gives its place in the quotas back. */
export function markRejected(scope: TenantScope, item: AttachmentItem, rejection: Rejection): Promise<CommitOutcome> {
  const work = unitOfWork(scope).update(
    'file',
    keys.attachment(item.attachmentId),
    {
      expression: 'SET #status = :rejected, #rejection = :rejection, #counted = :none',
      values: { rejected: 'rejected', rejection, none: 0 },
    },
    stillAnnounced,
  );
  return release(work, item).commit();
}

/**
 * Takes an attachment that nobody sent, or whose message is gone, out of sight for good.
 * @returns false if it was sent, or got more time, meanwhile.
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
 * Forgets a discarded attachment and gives its place in the quotas back, once. Of one that was sent a stub stays for a
 * month, by which a repetition of its message is recognised.
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

/**
 * For the unit of work that deletes a message: nobody can load what the message carried from then on, and its bytes
 * are deleted soon after.
 */
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

/** Has bytes deleted that were stored for an attachment and are not those that it now has. */
export async function discardObjects(scope: TenantScope, conversationId: string, attachmentId: string): Promise<void> {
  await unitOfWork(scope)
    .emit(attachmentDiscardedEvent, { attachmentIds: [attachmentId], conversationId })
    .commit();
}

function release(work: UnitOfWork, { ownerId, counted }: AttachmentItem): UnitOfWork {
  if (counted === 0) return work;
  return work
    .update('user quota', keys.userFiles(ownerId), add(-counted))
    .update('tenant quota', keys.tenantFiles(), add(-counted));
}

function add(bytes: number): Expression {
  return { expression: 'ADD #bytes :bytes', values: { bytes } };
}

function room(quota: number | null, bytes: number): Expression | undefined {
  if (quota === null) return undefined;
  const most = quota - bytes;
  // Where nothing was counted yet, only the file itself can be too much.
  return most < 0
    ? { expression: '#bytes < :never', values: { never: 0 } }
    : { expression: 'attribute_not_exists(#bytes) OR #bytes <= :most', values: { most } };
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
