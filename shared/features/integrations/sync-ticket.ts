import { now } from '../../core/runtime/clock.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';
import { newTicketOf } from './conversation-texts.ts';
import { gateAt, probing, spreadOf } from './gate-rules.ts';
import { readHealth, readIntegration, writeHealth } from './integration-store.ts';
import { attempting, ended, isActive, isBusy, postponed, statusToSend, succeeded, withTicket } from './link-rules.ts';
import { addReference, changeLink, putLink, readLink } from './link-store.ts';
import { sendComments } from './send-comments.ts';
import { showTicket } from './show-ticket.ts';
import { connect } from './connect.ts';
import type { RemoteTicket, TicketSystem, Written } from './systems/ticket-system.ts';
import type { TicketLink } from './ticket-link.ts';
import { LostTurnError, Turn } from './turn.ts';

/** A ticket of a disabled integration is checked again after this time. */
const disabledMs = 15 * 60_000;

export type Connect = typeof connect;

/**
 * Creates the ticket of a conversation if it does not exist, and sends what it does not have yet. Any number of calls at
 * any time lead to the same ticket.
 */
export async function syncTicket(
  scope: TenantScope,
  conversationId: string,
  connectTo: Connect = connect,
): Promise<void> {
  for (let attempt = 0; attempt < mostClaims; attempt += 1) {
    if (await tryTurn(scope, conversationId, connectTo)) return;
  }
  throw new Error('Events change the ticket all the time');
}

const mostClaims = 8;

/** @returns false if an event has changed the link meanwhile. */
async function tryTurn(scope: TenantScope, conversationId: string, connectTo: Connect): Promise<boolean> {
  const link = await readLink(scope, conversationId);
  const at = now();
  if (link === undefined || !isActive(link) || isBusy(link, at)) return true;
  const integration = await readIntegration(scope, link.integrationId);
  const item = await readConversation(scope, conversationId);
  if (integration === undefined || item?.kind !== 'support' || item.support.wipedAt !== undefined) {
    const over = await changeLink(scope, conversationId, ended);
    if (over !== undefined) await showTicket({ scope, link: over });
    return true;
  }
  const postpone = (until: number) =>
    changeLink(scope, conversationId, (current) => (isBusy(current, at) ? undefined : postponed(current, until)));
  if (!integration.enabled) {
    await postpone(at + disabledMs);
    return true;
  }
  let health = await readHealth(scope, link.integrationId);
  const gate = gateAt(health, at);
  if (gate.kind === 'closed') {
    await postpone(gate.until + spreadOf(conversationId));
    return true;
  }
  if (gate.kind === 'probe') {
    const next = probing(health, at);
    if (!(await writeHealth(scope, link.integrationId, health, next))) {
      await postpone(at + spreadOf(conversationId));
      return true;
    }
    health = next;
  }
  const turn = await Turn.claim(scope, link, { integration, health, system: await connectTo(scope, integration) });
  if (turn === undefined) return false;
  try {
    await take(turn, item);
  } catch (error) {
    if (!(error instanceof LostTurnError)) throw error;
  }
  return true;
}

async function take(turn: Turn, item: SupportConversation): Promise<void> {
  const { scope } = turn;
  const owner = await ownerOf({ scope, conversationId: turn.link.conversationId, item });
  if (turn.link.state === 'pending' && !(await ensureTicket(turn, owner, item))) return;
  await showTicket(turn);
  if (!(await sendComments(turn, owner, item))) return;
  if (!(await sendStatus(turn))) return;
  await turn.release();
  await showTicket(turn);
}

/** @returns false if the turn has ended. */
async function ensureTicket(turn: Turn, owner: LogOwner, item: SupportConversation): Promise<boolean> {
  const { system, link, integration } = turn;
  if (link.attempt?.step === 'create') {
    const visibleAt = link.attempt.at + system.searchDelayMs;
    if (now() < visibleAt) {
      await turn.postpone(visibleAt);
      return false;
    }
    const found = await system.findCreated(link.correlation);
    if (found.kind !== 'done') return endWith(turn, turn.fail(found, { isSearch: true }));
    if (found.value !== undefined) return keep(turn, found.value);
  }
  await turn.save((current) => attempting(current, { step: 'create', at: now() }));
  const created = await system.create(newTicketOf(owner, item, integration, turn.link));
  if (created.kind !== 'done') {
    await turn.fail(created);
    await showTicket(turn);
    return false;
  }
  return keep(turn, created.value);
}

async function endWith(turn: Turn, ending: Promise<void>): Promise<false> {
  await ending;
  await showTicket(turn);
  return false;
}

/** Stores the ticket's id with its reference back, in one transaction. */
async function keep(turn: Turn, remote: RemoteTicket & Pick<Written, 'account'>): Promise<true> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const work = unitOfWork(turn.scope);
    const { account } = remote;
    const linked = withTicket(turn.link, remote, now());
    const next = putLink(work, turn.link, account === undefined ? linked : { ...linked, account });
    addReference(work, next, remote.id);
    const outcome = await work.commit();
    if (outcome.committed) {
      turn.adopt(next);
      await turn.noteSuccess();
      return true;
    }
    if (outcome.failed !== 'link') throw new Error('Two conversations have the same ticket');
    // An event changed the link. This reads it again.
    await turn.save((link) => link);
  }
  throw new Error('A ticket is changed by many writers at once');
}

/** @returns false if the turn has ended. */
async function sendStatus(turn: Turn): Promise<boolean> {
  const { scope, system, integration, link } = turn;
  const { conversationId, externalId, externalKey } = link;
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || externalId === undefined || externalKey === undefined) return true;
  const { status } = item.support;
  const wanted = statusToSend(link, status, integration.rules.statusOut);
  if (wanted === undefined || link.state !== 'linked') {
    if (link.sentStatus !== status) await turn.save((current) => ({ ...current, sentStatus: status }));
    return true;
  }
  const ticket = { id: externalId, key: externalKey };
  const known = link.attempt?.step === 'status' ? await statusAfterAttempt(system, ticket.key, wanted) : undefined;
  if (known !== undefined) return keepStatus(turn, known, status);
  await turn.save((current) => attempting(current, { step: 'status', at: now() }));
  const sent = await system.setStatus(ticket, wanted, status);
  if (sent.kind === 'done') return keepStatus(turn, sent.value ?? wanted, status);
  if (sent.kind !== 'rejected' || sent.reason === 'not-found') {
    await turn.fail(sent);
    return false;
  }
  // The workflow of the other system forbids it. The next status may be allowed.
  await turn.save(({ attempt: _, ...current }) => ({ ...current, sentStatus: status, reason: sent.reason }));
  return true;
}

async function statusAfterAttempt(system: TicketSystem, key: string, wanted: string): Promise<string | undefined> {
  const read = await system.read(key);
  const status = read.kind === 'done' ? read.value.status : undefined;
  return status === wanted.split('|')[0] ? status : undefined;
}

async function keepStatus(turn: Turn, remoteStatus: string, sentStatus: TicketLink['sentStatus']): Promise<true> {
  await turn.save((link) => {
    const next = { ...succeeded(link, now()), remoteStatus };
    return sentStatus === undefined ? next : { ...next, sentStatus };
  });
  await turn.noteSuccess();
  return true;
}
