import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { absent } from '../../core/table/expression.ts';
import { integrationKeys } from '../../core/table/integration-keys.ts';
import { type Key } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { ticketDueEvent } from '../../contract/events/events.ts';
import { isRevision } from './integration-store.ts';
import type { TicketLink } from './ticket-link.ts';

type StoredLink = TicketLink & { readonly collectionPk: string; readonly collectionSk: string };

const unsentNever = '9999999999999';

/** Tickets in a state, those that wait longest first. */
function toStoredLink(link: TicketLink): StoredLink {
  const since = link.behindSince === undefined ? unsentNever : String(link.behindSince).padStart(13, '0');
  return {
    ...link,
    collectionPk: integrationKeys.ticketsIn(link.integrationId, link.state),
    collectionSk: `${since}#${link.conversationId}`,
  };
}

export function fromStoredLink({
  collectionPk: _collection,
  collectionSk: _position,
  pk: _pk,
  sk: _sk,
  ...link
}: StoredLink & Key): TicketLink {
  return link;
}

/** Reads consistently. */
export async function readLink(scope: TenantScope, conversationId: string): Promise<TicketLink | undefined> {
  const key = integrationKeys.ticket(conversationId);
  const stored = await tenantTable(scope).get<StoredLink>(key, { consistent: true });
  return stored && fromStoredLink(stored);
}

/** Reads eventually consistent places, and then the tickets themselves. */
export async function readLinksIn(
  scope: TenantScope,
  { integrationId, state }: Pick<TicketLink, 'integrationId' | 'state'>,
  limit: number,
  after?: Readonly<Record<string, string>>,
) {
  const { items, next } = await tenantTable(scope).queryCollection<StoredLink>({
    collection: integrationKeys.ticketsIn(integrationId, state),
    limit,
    ...(after === undefined ? {} : { after }),
  });
  return { links: items.map(fromStoredLink), next };
}

/** @returns false if the conversation has a ticket. */
export async function createLink(scope: TenantScope, link: TicketLink): Promise<boolean> {
  return (await addDue(putNewLink(unitOfWork(scope), link), link).commit()).committed;
}

/** Also replaces a link that has ended. */
export function putNewLink(work: UnitOfWork, link: TicketLink): UnitOfWork {
  return work.put('link', integrationKeys.ticket(link.conversationId), toStoredLink(link), {
    expression: 'attribute_not_exists(#pk) OR #state = :ended',
    values: { ended: 'ended' },
  });
}

/** Starts a turn of the consumer. */
export function addDue(work: UnitOfWork, { conversationId }: Pick<TicketLink, 'conversationId'>): UnitOfWork {
  return work.emit(ticketDueEvent, { conversationId });
}

/** Adds the link to a transaction. The caller sees `link` as the failed condition if another writer was first. */
export function putLink(work: UnitOfWork, before: TicketLink, next: TicketLink): TicketLink {
  const written = { ...next, revision: before.revision + 1 };
  const key = integrationKeys.ticket(next.conversationId);
  work.put('link', key, toStoredLink(written), isRevision(before.revision));
  return written;
}

/** @returns the link with its new revision; undefined if another writer was first. */
export async function writeLink(
  scope: TenantScope,
  before: TicketLink,
  next: TicketLink,
): Promise<TicketLink | undefined> {
  const written = { ...next, revision: before.revision + 1 };
  const key = integrationKeys.ticket(next.conversationId);
  const outcome = await tenantTable(scope).put(key, toStoredLink(written), isRevision(before.revision));
  return outcome.written ? written : undefined;
}

const mostAttempts = 8;

/**
 * Changes the link as it is stored.
 * @param change - decides again after another writer was first. Undefined: nothing changes.
 */
export async function changeLink(
  scope: TenantScope,
  conversationId: string,
  change: (link: TicketLink) => TicketLink | undefined,
): Promise<TicketLink | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const link = await readLink(scope, conversationId);
    const next = link && change(link);
    if (link === undefined || next === undefined) return link;
    const written = await writeLink(scope, link, next);
    if (written !== undefined) return written;
  }
  throw new Error('A ticket is changed by many writers at once');
}

/** Reads consistently. */
export async function conversationOfTicket(
  scope: TenantScope,
  integrationId: string,
  externalId: string,
): Promise<string | undefined> {
  const key = integrationKeys.externalTicket(integrationId, externalId);
  return (await tenantTable(scope).get<{ readonly conversationId: string }>(key, { consistent: true }))?.conversationId;
}

/** The remote id of a ticket names one conversation, and a conversation one ticket. */
export function addReference(
  work: UnitOfWork,
  { integrationId, conversationId }: TicketLink,
  externalId: string,
): void {
  work.put(
    'reference',
    integrationKeys.externalTicket(integrationId, externalId),
    { conversationId },
    {
      expression: 'attribute_not_exists(#pk) OR #conversationId = :own',
      values: { own: conversationId },
    },
  );
}

export interface KnownComment {
  readonly origin: 'switchboard' | 'remote';
  /** When the service first knew of it, in milliseconds since the epoch. */
  readonly at: number;
  readonly expiresAt: number;
}

const rememberedSeconds = 90 * 24 * 60 * 60;

/** @returns the comment as it was known first. */
export async function rememberComment(
  scope: TenantScope,
  integrationId: string,
  commentId: string,
  { origin, at }: Pick<KnownComment, 'origin' | 'at'>,
): Promise<KnownComment> {
  const known: KnownComment = { origin, at, expiresAt: Math.floor(at / 1000) + rememberedSeconds };
  const outcome = await tenantTable(scope).put(integrationKeys.comment(integrationId, commentId), known, absent);
  return outcome.written ? known : (outcome.existing ?? known);
}

const detailOf = (scope: TenantScope, conversationId: string) => [scope.tenantId, conversationId, 'ticket', 'detail'];

/** The other system may quote a text. */
export async function sealDetail(
  scope: TenantScope,
  conversationId: string,
  detail: string | undefined,
): Promise<Uint8Array | undefined> {
  if (detail === undefined || detail === '') return undefined;
  return encryptField(await tenantKeys(scope), detailOf(scope, conversationId), detail);
}

export async function openDetail(
  scope: TenantScope,
  { conversationId, detail }: TicketLink,
): Promise<string | undefined> {
  if (detail === undefined) return undefined;
  return decryptField(await tenantKeys(scope), detailOf(scope, conversationId), detail);
}
