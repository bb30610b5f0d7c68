import type { Draft } from '../../contract/schemas/draft.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { draftConversationOf, draftKey, draftPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

interface StoredDraft {
  /** Encrypted. */
  readonly text: Uint8Array;
  readonly replyTo?: number;
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export interface DraftAddress {
  readonly scope: TenantScope;
  readonly userId: string;
  readonly conversationId: string;
}

/** A draft with the keys of its conversation's content. */
export interface DraftOwner extends DraftAddress {
  readonly keys: TenantKeys;
}

/** Not yet decrypted. */
export interface SealedDraft {
  readonly conversationId: string;
  readonly stored: StoredDraft;
}

export type DraftContent = Pick<Draft, 'text' | 'replyTo'>;

const lifeMs = 90 * 24 * 60 * 60 * 1000;

/** Reads consistently. */
export async function readDraft(owner: DraftOwner): Promise<Draft | undefined> {
  const key = draftKey(owner.userId, owner.conversationId);
  const stored = await tenantTable(owner.scope).get<StoredDraft>(key, { consistent: true });
  return stored && openDraft(owner, stored);
}

/**
 * Without `expected`, always writes. Revisions begin at the current time, so that they also rise after a deletion:
 * several changes within a millisecond for a whole life of a draft do not occur.
 *
 * @param expected the revision to replace; 0 for none.
 */
export async function writeDraft(
  owner: DraftOwner,
  { text, replyTo }: DraftContent,
  expected: number | undefined,
): Promise<{ readonly written: boolean; readonly draft: Draft | undefined }> {
  const { scope, userId, conversationId } = owner;
  const at = now();
  const outcome = await tenantTable(scope).update<StoredDraft>(
    draftKey(userId, conversationId),
    {
      expression: `SET #text = :text, #updatedAt = :at, #expiresAt = :expiresAt, #revision = if_not_exists(#revision, :at) + :one${
        replyTo === undefined ? ' REMOVE #replyTo' : ', #replyTo = :replyTo'
      }`,
      values: {
        text: encryptField(owner.keys, boundTo(owner), text),
        at,
        expiresAt: Math.ceil((at + lifeMs) / 1000),
        one: 1,
        ...(replyTo === undefined ? {} : { replyTo }),
      },
    },
    revisionIs(expected),
  );
  const stored = outcome.written ? outcome.item : outcome.existing;
  return { written: outcome.written, draft: stored && openDraft(owner, stored) };
}

/**
 * @returns the revision of the deletion, undefined if there was no draft, or the draft if it has another revision than
 *   `expected`.
 */
export async function removeDraft(
  address: DraftAddress,
  expected: number | undefined,
): Promise<
  { readonly removed: true; readonly revision?: number } | { readonly removed: false; readonly revision: number }
> {
  const { scope, userId, conversationId } = address;
  const condition = revisionIs(expected);
  const outcome = await tenantTable(scope).delete<Partial<StoredDraft>>(
    draftKey(userId, conversationId),
    condition && { ...condition, expression: `attribute_not_exists(#pk) OR (${condition.expression})` },
  );
  if (!outcome.written) return { removed: false, revision: outcome.existing?.revision ?? 0 };
  const { revision } = outcome.item;
  return revision === undefined ? { removed: true } : { removed: true, revision: revision + 1 };
}

/** Sorted by conversation. Omits expired drafts, so a page can be short. */
export async function readDrafts(
  scope: TenantScope,
  userId: string,
  range: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly drafts: readonly SealedDraft[]; readonly last: string | undefined }> {
  const { items, lastSortKey } = await tenantTable(scope).query<StoredDraft>({
    pk: draftKey(userId, '').pk,
    beginsWith: draftPrefix,
    limit: range.limit,
    consistent: true,
    ...(range.after === undefined ? {} : { after: draftKey(userId, range.after).sk }),
  });
  const last = lastSortKey === undefined ? undefined : draftConversationOf({ sk: lastSortKey });
  const drafts = items.map((stored) => ({ conversationId: draftConversationOf(stored), stored }));
  return { drafts: drafts.filter(({ stored }) => !isExpired(stored)), last };
}

/** Undefined if it has expired. */
export function openDraft(owner: DraftOwner, stored: StoredDraft): Draft | undefined {
  if (isExpired(stored)) return undefined;
  return {
    conversationId: owner.conversationId,
    text: decryptField(owner.keys, boundTo(owner), stored.text),
    ...(stored.replyTo === undefined ? {} : { replyTo: stored.replyTo }),
    revision: stored.revision,
    updatedAt: toTimestamp(stored.updatedAt),
  };
}

function isExpired({ expiresAt }: StoredDraft): boolean {
  return expiresAt * 1000 <= now();
}

function boundTo({ scope, userId, conversationId }: DraftAddress): readonly string[] {
  return [scope.tenantId, userId, conversationId, 'draft'];
}

function revisionIs(expected: number | undefined): Expression | undefined {
  if (expected === undefined) return undefined;
  return expected === 0
    ? {
        expression: 'attribute_not_exists(#revision) OR #expiresAt <= :now',
        values: { now: Math.floor(now() / 1000) },
      }
    : { expression: '#revision = :expected', values: { expected } };
}
