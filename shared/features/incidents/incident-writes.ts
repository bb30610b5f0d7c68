import { now } from '../../core/runtime/clock.ts';
import { derivedId } from '../../core/runtime/ids.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { ArrivedIncident } from './arrived-incident.ts';
import {
  type EffectItem,
  expiryOfEffect,
  expiryOfIncident,
  type IncidentItem,
  newStart,
  sealRule,
  type StartItem,
} from './incident-store.ts';
import { inTurn } from './in-turn.ts';
import { countOne, messagesKey, openingsKey, useOne, type Window, windowOf, withinLimit } from './meter-store.ts';
import type { Opening } from './routing-rules.ts';
import { stormOpening } from './storm-rules.ts';

/** A change of an incident. Each function returns false if the incident has changed since it was read. */
export interface IncidentChange {
  readonly arrived: ArrivedIncident;
  readonly hash: string;
  readonly item: IncidentItem | undefined;
}

type NewState = Omit<IncidentItem, 'revision' | 'expiresAt'>;
type NewEffect = Omit<EffectItem, 'expiresAt'>;

/** Opens a conversation of its own, or in a storm, joins that of the window. */
export async function commitOpening(change: IncidentChange, opening: Opening): Promise<boolean> {
  const { scope, keys, source, deliveryId, receivedAt, index } = change.arrived;
  const { sourceId, grouping } = source;
  const window = windowOf(grouping, receivedAt);
  const startId = derivedId(receivedAt, `start ${deliveryId} ${index}`);
  const state = { phase: 'open', occurredAt: occurredAtOf(change), startId } as const;
  const rule = sealRule(keys, scope, deliveryId, opening.rule);
  const outcome = await inTurn(`${sourceId} openings`, () => {
    const work = begin(change, state, { outcome: 'opened', startId, rule });
    work.put('start', incidentKeys.start(startId), newStart(keys, scope, { startId, sourceId, opening }));
    useOne(work, openingsKey(sourceId, window), grouping, window);
    return work.commit();
  });
  if (outcome.committed || outcome.failed !== withinLimit) return outcome.committed;
  return commitGrouping(change, opening, window);
}

/** The first incident beyond the limit opens the conversation that all others of the window share. */
async function commitGrouping(change: IncidentChange, opening: Opening, window: Window): Promise<boolean> {
  const { scope, keys, source, name, deliveryId, receivedAt } = change.arrived;
  const { sourceId } = source;
  const startId = derivedId(window.from, `storm ${sourceId} ${window.from}`);
  const shared: StartItem = newStart(keys, scope, { startId, sourceId, opening: stormOpening(name, opening, window) });
  await tenantTable(scope).put(incidentKeys.start(startId), shared, absent);
  const rule = sealRule(keys, scope, deliveryId, opening.rule);
  const outcome = await inTurn(`${sourceId} counts`, () => {
    const state = { phase: 'open', occurredAt: occurredAtOf(change), startId } as const;
    const work = begin(change, state, { outcome: 'grouped', startId, rule, isCounted: true });
    countOne(work, messagesKey(sourceId, window, startId), { window, startId, at: receivedAt });
    return work.commit();
  });
  return outcome.committed;
}

/** @param occurredAt - of the newest event that opened the incident, in milliseconds since the epoch. */
export function commitUpdate(change: IncidentChange, occurredAt: number): Promise<boolean> {
  return commitMessage(change, { phase: 'open', occurredAt }, 'updated');
}

export function commitClosing(change: IncidentChange): Promise<boolean> {
  return commitMessage(change, { phase: 'closed', occurredAt: occurredAtOf(change) }, 'closed');
}

/** An event with a message in the conversation, or beyond the limit, in a count. */
async function commitMessage(
  change: IncidentChange,
  next: Pick<NewState, 'phase' | 'occurredAt'>,
  outcome: 'updated' | 'closed',
): Promise<boolean> {
  const { source, receivedAt } = change.arrived;
  const { sourceId, grouping } = source;
  const startId = change.item?.startId;
  if (startId === undefined) throw new Error('An open incident has no start');
  const window = windowOf(grouping, receivedAt);
  const key = messagesKey(sourceId, window, startId);
  const state: NewState = { ...next, startId };
  return inTurn(`${sourceId} ${startId}`, async () => {
    const work = begin(change, state, { outcome, startId });
    useOne(work, key, grouping, window);
    const shown = await work.commit();
    if (shown.committed || shown.failed !== withinLimit) return shown.committed;
    // The end of an incident is an outcome that admins look for, counted or not.
    const counted = outcome === 'updated' ? 'grouped' : outcome;
    const counting = begin(change, state, { outcome: counted, startId, isCounted: true });
    countOne(counting, key, { window, startId, at: receivedAt });
    return (await counting.commit()).committed;
  });
}

/** Remembers the end of an incident that has no open conversation. */
export async function commitTombstone({ arrived, hash, item }: IncidentChange, closedAt: number): Promise<boolean> {
  const { scope, source } = arrived;
  const next: IncidentItem = {
    ...(item?.startId === undefined ? {} : { startId: item.startId }),
    ...{ phase: 'closed', occurredAt: closedAt, revision: (item?.revision ?? 0) + 1, expiresAt: expiryOfIncident() },
  };
  const key = incidentKeys.incident(source.sourceId, hash);
  return (await tenantTable(scope).put(key, next, unchanged(item))).written;
}

function begin({ arrived, hash, item }: IncidentChange, state: NewState, effect: NewEffect): UnitOfWork {
  const { scope, source, deliveryId, index } = arrived;
  const next: IncidentItem = { ...state, revision: (item?.revision ?? 0) + 1, expiresAt: expiryOfIncident() };
  return unitOfWork(scope)
    .put('incident', incidentKeys.incident(source.sourceId, hash), next, unchanged(item))
    .put('effect', incidentKeys.effect(deliveryId, index), { ...effect, expiresAt: expiryOfEffect() }, absent);
}

/** Another event would have changed the revision. An expired item counts as absent. */
function unchanged(item: IncidentItem | undefined): Expression {
  return item === undefined
    ? { expression: 'attribute_not_exists(#pk) OR #expiresAt <= :now', values: { now: Math.floor(now() / 1000) } }
    : { expression: '#revision = :revision', values: { revision: item.revision } };
}

function occurredAtOf({ arrived }: IncidentChange): number {
  return Date.parse(arrived.found.incident.occurredAt);
}
