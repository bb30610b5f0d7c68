import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trouble, TroublePlan } from '../../../local/far-sides/vendor.ts';
import { seed } from '../../reporting/seed.ts';
import { minute, second } from '../desk/desk-clock.ts';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import type { SystemKind } from './integration-calls.ts';
import { deckOf, seededRandom } from '../log/seeded-random.ts';
import { linesOf, serverOf, subscribe, ticketDesk, type TicketDesk, ticketOf, ticketsAt } from './ticket-desk.ts';

let test: OwnTestRun;
const random = seededRandom(seed);

beforeAll(async () => {
  test = await startTestRun({
    pace: { queueRetryAfterMs: 20 },
    faults: {
      deliveries: (ruleName) => (ruleName.endsWith('-update-tickets') ? 5 : 1),
      additionalBatch: (source, functionName) =>
        source === 'queue' && functionName.endsWith('-update-tickets') && random() < 0.3 ? 'reordered' : undefined,
    },
  });
});
afterAll(() => test.stop());

const troubles = {
  fine: undefined,
  'lost-answer': { kind: 'lost-answer' },
  down: { kind: 'down' },
  error: { kind: 'status', status: 500 },
  unavailable: { kind: 'status', status: 503 },
  busy: { kind: 'status', status: 429, headers: { 'retry-after': '90' } },
} as const satisfies Readonly<Record<string, Trouble | undefined>>;

/** Every kind of trouble, in an order of its own. */
function troubled(): TroublePlan {
  const draw = deckOf({ fine: 2, 'lost-answer': 3, down: 1, error: 1, unavailable: 1, busy: 1 }, random);
  return () => troubles[draw()];
}

const outageMs = 6 * 60 * minute;

async function sayLines(desk: TicketDesk, ids: readonly string[], model: Map<string, string[]>, round: number) {
  const [agent, customer] = await Promise.all([desk.signedInAgent(), desk.signedInCustomer()]);
  for (const id of ids) {
    const lines = model.get(id) ?? [];
    const asked = await desk.say(customer, id, `question ${round}`);
    const replied = await desk.say(agent, id, `reply ${round}`);
    expect([asked.status, replied.status]).toEqual([201, 201]);
    const note = { text: `secret ${round}`, clientMessageId: ulid() };
    expect((await desk.post(agent, `/conversations/${id}/notes`, note)).status).toBe(201);
    model.set(id, [...lines, `Customer: question ${round}`, `amina: reply ${round}`]);
  }
}

describe.each<SystemKind>(['service-now', 'jira'])('an outage of %s', (kind) => {
  it('loses, repeats and reorders nothing, though each event arrives five times', async () => {
    const desk = await ticketDesk(test, `outage-${kind}`, kind, { createOn: 'on-start' });
    subscribe(test, kind, desk);
    const server = serverOf(test, kind);
    const model = new Map<string, string[]>();
    server.trouble(troubled());
    const customer = await desk.signedInCustomer();
    const ids = await Promise.all([1, 2].map(() => desk.start(customer, { subject: `Case ${ulid()}` })));
    await sayLines(desk, ids, model, 1);
    await desk.clock.advance(5 * minute);
    await sayLines(desk, ids, model, 2);
    await desk.clock.advance(20 * minute);

    server.trouble(() => ({ kind: 'down' }));
    const before = server.requests.length;
    for (let round = 3; round < 5; round += 1) {
      await sayLines(desk, ids, model, round);
      await desk.clock.advance(outageMs / 2);
    }
    // One probe at a time finds out that the system is down.
    expect(server.requests.length - before).toBeLessThan(40);
    const admin = await desk.signedInAdmin();
    const health = await desk.get(admin, `/admin/integrations/${desk.integrationId}/health`);
    expect(health.body).toMatchObject({ lastError: 'no-answer' });
    expect(health.body.queueAgeSeconds).toBeGreaterThan(5 * 3600);

    server.trouble(troubled());
    await desk.clock.advance(60 * minute);
    server.trouble(undefined);
    await desk.clock.advance(60 * minute + 5 * second);

    const states = await desk.get(await desk.signedInAdmin(), `/admin/integrations/${desk.integrationId}/tickets`);
    expect(states.body.items.map(({ ticket }: { ticket: { state: string } }) => ticket.state)).toEqual(
      ids.map(() => 'linked'),
    );
    const own = ticketsAt(test, kind).filter(({ correlation }) =>
      ids.some((id) => correlation.endsWith(id.toLowerCase())),
    );
    expect(own).toHaveLength(ids.length);
    for (const id of ids) expect(linesOf(ticketOf(test, kind, id))).toEqual(model.get(id));
    expect(JSON.stringify(own)).not.toContain('secret');
    const after = await desk.get(await desk.signedInAdmin(), `/admin/integrations/${desk.integrationId}/health`);
    expect(after.body).toMatchObject({ queueAgeSeconds: 0 });
  });
});
