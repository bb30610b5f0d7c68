import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { ArrivedIncident } from './arrived-incident.ts';
import type { IncidentResult } from './delivery-store.ts';
import { finish } from './finish-effect.ts';
import {
  incidentHash,
  type IncidentItem,
  isLost,
  openRule,
  readEffect,
  readIncident,
  readStart,
} from './incident-store.ts';
import { inTurn } from './in-turn.ts';
import { commitClosing, commitOpening, commitTombstone, commitUpdate } from './incident-writes.ts';
import { route } from './routing-rules.ts';
import { decide } from './state-rules.ts';

/** Each failed attempt means that another event of the incident or the source succeeded. */
const mostAttempts = 30;

/**
 * Decides on the state of the incident, and writes the decision with the record of its effect in one transaction. Then
 * completes the effect in the conversation, which a repetition does again without a further effect.
 */
export async function applyIncident(arrived: ArrivedIncident): Promise<IncidentResult> {
  const { scope, keys, source, found, deliveryId, index } = arrived;
  const hash = incidentHash(keys, source.sourceId, found.incident.key);
  const decided = await inTurn(`${source.sourceId} ${hash}`, () => decideOnce(arrived, hash));
  if (decided !== 'has effect') return { incident: found.incident, ...decided };
  const effect = await readEffect(scope, deliveryId, index);
  if (effect === undefined) throw new Error('An effect was not recorded');
  const conversationId = await finish(arrived, effect);
  const { outcome, rule } = effect;
  return {
    incident: found.incident,
    outcome,
    ...(rule === undefined ? {} : { rule: openRule(keys, scope, deliveryId, rule) }),
    ...(conversationId === undefined ? {} : { conversationId }),
  };
}

type Decided = 'has effect' | Pick<IncidentResult, 'outcome' | 'reason'>;

async function decideOnce(arrived: ArrivedIncident, hash: string): Promise<Decided> {
  const { scope, source, rules, found, payload, deliveryId, index } = arrived;
  const { event, occurredAt } = found.incident;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if ((await readEffect(scope, deliveryId, index)) !== undefined) return 'has effect';
    const item = live(await readIncident(scope, source.sourceId, hash));
    const decision = decide(item, { event, occurredAt: Date.parse(occurredAt) }, await conversationOf(scope, item));
    const change = { arrived, hash, item };
    switch (decision.kind) {
      case 'ignore': {
        const { reason, closedAt } = decision;
        if (closedAt === undefined || (await commitTombstone(change, closedAt))) return { outcome: 'ignored', reason };
        break;
      }
      case 'open': {
        const routed = route(rules, found, payload);
        if (routed === undefined) return { outcome: 'unrouted' };
        if (await commitOpening(change, routed.opening)) return 'has effect';
        break;
      }
      case 'update':
        if (await commitUpdate(change, decision.occurredAt)) return 'has effect';
        break;
      case 'close':
        if (await commitClosing(change)) return 'has effect';
    }
  }
  throw new Error('Other events of the incident prevented this one');
}

/** The table removes expired items late. */
function live(item: IncidentItem | undefined): IncidentItem | undefined {
  return item !== undefined && item.expiresAt * 1000 > now() ? item : undefined;
}

/** A conversation that people have ended is not opened again: the next event opens another one. */
async function conversationOf(scope: TenantScope, item: IncidentItem | undefined): Promise<'live' | 'ended'> {
  if (item?.phase !== 'open' || item.startId === undefined) return 'ended';
  const start = await readStart(scope, item.startId);
  if (start === undefined || isLost(start)) return 'ended';
  if (start.conversationId === undefined) return 'live';
  const conversation = await readConversation(scope, start.conversationId);
  if (conversation?.kind !== 'support') return 'ended';
  const { status } = conversation.support;
  return status === 'waiting' || status === 'active' ? 'live' : 'ended';
}
