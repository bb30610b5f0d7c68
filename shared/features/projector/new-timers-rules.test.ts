import { describe, expect, it } from 'vitest';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { newTimers } from './new-timers-rules.ts';

const tenantId = '01JDTENANTAAAAAAAAAAAAAAAA';
const scope = TenantScope.fromEnvelope({ tenantId });

/** Of an item whose timer was `from` and is `to`. A change from null is an insert. */
function change(sk: string, from: number | undefined | null, to: number | undefined, owner = scope): ItemChange {
  const key = { pk: 'C#1', sk };
  const image = (wakeAt: number | undefined) => ({ ...key, ...(wakeAt === undefined ? {} : { wakeAt }) });
  return {
    scope: owner,
    kind: from === null ? 'insert' : 'modify',
    key,
    item: image(to),
    before: from === null ? undefined : image(from),
    sequenceNumber: `${sk} ${from} ${to}`,
  };
}

const wakeUps = (...changes: readonly ItemChange[]) => newTimers(changes).map(({ wakeUp }) => wakeUp);

describe('newTimers', () => {
  it('finds the timers of inserted items and those that were set or replaced', () => {
    expect(wakeUps(change('a', null, 5), change('b', undefined, 6), change('c', 1, 7))).toEqual([
      { tenantId, pk: 'C#1', sk: 'a', wakeAt: 5 },
      { tenantId, pk: 'C#1', sk: 'b', wakeAt: 6 },
      { tenantId, pk: 'C#1', sk: 'c', wakeAt: 7 },
    ]);
  });

  it('ignores other changes, cancelled timers and items without a timer', () => {
    expect(wakeUps(change('a', 5, 5), change('b', 5, undefined), change('c', null, undefined))).toEqual([]);
  });

  it('keeps the newest timer of each item, even if the item changed again', () => {
    const changes = [change('a', null, 5), change('b', null, 6), change('a', 5, 9), change('a', 9, 9)];
    expect(newTimers(changes)).toMatchObject([
      { change: { sequenceNumber: 'a 5 9' }, wakeUp: { sk: 'a', wakeAt: 9 } },
      { change: { sequenceNumber: 'b null 6' }, wakeUp: { sk: 'b', wakeAt: 6 } },
    ]);
  });

  it('keeps the items of two tenants with the same key apart', () => {
    const other = TenantScope.fromEnvelope({ tenantId: '01JDTENANTBBBBBBBBBBBBBBBB' });
    expect(wakeUps(change('a', null, 5), change('a', null, 6, other)).length).toBe(2);
  });
});
