import { destinationOf, isOfLanes, type Key, laneKeys, laneOf } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Expression } from '../../core/table/expression.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../core/timers/timer.ts';
import type { GateItem, LaneItem } from './delivery-item.ts';
import { probeMs } from './gate-rules.ts';
import { type LaneKind, parseDestination } from './lane-kind.ts';
import { parkedLanes, wakeParked } from './lane-store.ts';
import { continueReplay } from './replay-range.ts';
import { runLane } from './run-lane.ts';

const wokenAtOnce = 25;
/** Keeps a destination that works again from receiving everything in one second. */
const betweenPagesMs = 1000;

/** Timers of lanes, of their gates and of replays. */
export function laneTimers(kinds: readonly LaneKind[]): readonly TimerSubject[] {
  const kindOf = (key: Key): LaneKind => {
    const kind = kinds.find(({ name }) => name === parseDestination(destinationOf(key)).kind);
    if (kind === undefined) throw new Error(`No kind of lane matches ${key.pk}`);
    return kind;
  };
  return [
    {
      name: 'lane',
      matches: (key) => isOfLanes(key) && laneOf(key) !== undefined,
      wake: async (scope, key, at) => {
        const lane = laneOf(key);
        const due = await readDue<LaneItem>(scope, key, at);
        if (due === undefined || lane === undefined) return;
        await runLane(scope, kindOf(key), parseDestination(destinationOf(key)), lane, due.wakeAt);
      },
    },
    {
      name: 'gate',
      matches: (key) => isOfLanes(key) && key.sk === laneKeys.gate('').sk,
      wake: wakeGate,
    },
    {
      name: 'replay',
      matches: (key) => isOfLanes(key) && key.sk === laneKeys.replay('').sk,
      wake: continueReplay,
    },
  ];
}

/** Wakes one parked lane if the gate is closed, so that it probes, or all of them if it is open. */
async function wakeGate(scope: TenantScope, key: Key, at: number): Promise<void> {
  const gate = await readDue<GateItem>(scope, key, at);
  if (gate === undefined) return;
  const destination = destinationOf(key);
  const next =
    gate.closedUntil === undefined
      ? await wakeAll(scope, destination, at)
      : await wakeOne(scope, destination, at, gate.lastProbe);
  await tenantTable(scope).update(key, next, hasTimer(gate.wakeAt));
}

async function wakeAll(scope: TenantScope, destination: string, at: number): Promise<Expression> {
  const lanes = await parkedLanes(scope, destination, { limit: wokenAtOnce });
  for (const lane of lanes) await wakeParked(scope, destination, lane, at);
  if (lanes.length === wokenAtOnce) return { expression: 'SET #wakeAt = :next', values: { next: at + betweenPagesMs } };
  return { expression: 'REMOVE #wakeAt, #opening' };
}

/** In turn, because the first delivery of a lane may be the only one that fails. */
async function wakeOne(
  scope: TenantScope,
  destination: string,
  at: number,
  lastProbe: string | undefined,
): Promise<Expression> {
  const [lane] = [
    ...(await parkedLanes(scope, destination, { after: lastProbe, limit: 1 })),
    ...(await parkedLanes(scope, destination, { limit: 1 })),
  ];
  // The next lane with a delivery probes.
  if (lane === undefined) return { expression: 'REMOVE #wakeAt' };
  await wakeParked(scope, destination, lane, at);
  return { expression: 'SET #wakeAt = :next', values: { next: at + probeMs } };
}
