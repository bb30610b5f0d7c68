import { ulid } from 'ulid';
import { expect } from 'vitest';
import { deliver, deliveriesOf, newSource, resultOf, type TestSource } from '../incidents/incident-calls.ts';
import { ask } from './crash-world.ts';
import { entriesOf } from './desk-world.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import { eventually } from './persistence.ts';
import type { CrashScript } from './sweep.ts';

export const processIncident: NamedSweep = {
  name: 'process an incident',
  functions: ['process-incident'],
  script: (world): CrashScript<{ readonly source: TestSource; readonly key: string }> => {
    const { test, admin } = world;
    const happens = async (source: TestSource, event: object) => {
      const { body } = await deliver(test, source, { title: 'Down', ...event });
      await test.run.settled();
      const result = () => resultOf(test, admin, source, body.deliveryId);
      await eventually('the delivery is processed', async () => (await result()) !== undefined);
      return result();
    };
    return {
      prepare: async () => {
        const rules = [{ name: 'All', then: { close: 'resolve-if-unanswered', skills: ['welding'] } }];
        const source = await newSource(test, admin, { rules });
        await test.run.settled();
        return { source, key: ulid() };
      },
      attempt: async ({ source, key }) => {
        const opened = await happens(source, { incidentKey: key, event: 'open' });
        const updated = await happens(source, { incidentKey: key, event: 'update', body: 'Still' });
        const closed = await happens(source, { incidentKey: key, event: 'close' });
        expect([opened.outcome, updated.outcome, closed.outcome]).toEqual(['opened', 'updated', 'closed']);
      },
      check: async ({ source }) => {
        const deliveries = await deliveriesOf(test, admin, source);
        const results = await Promise.all(deliveries.map(({ id }) => resultOf(test, admin, source, id as string)));
        const [id, ...others] = new Set(results.map(({ conversationId }) => conversationId as string));
        expect(others).toEqual([]);
        await test.run.settled();
        expect(await entriesOf(world, id ?? '')).toEqual(['opened', 'text', 'text', 'text', 'closed']);
        await ask(world, admin, 'DELETE', `/api/v1/admin/sources/${source.id}`);
      },
    };
  },
};
