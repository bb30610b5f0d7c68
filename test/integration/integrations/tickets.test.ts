import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import type { SystemKind } from './integration-calls.ts';
import { linesOf, subscribe, ticketDesk, ticketOf, ticketsAt } from './ticket-desk.ts';

let test: OwnTestRun;

beforeAll(async () => {
  test = await startTestRun();
});
afterAll(() => test.stop());

const kinds: readonly SystemKind[] = ['service-now', 'jira'];
const statusOut = { 'service-now': { resolved: '6|Solved|Done' }, jira: { resolved: 'Resolved' } } as const;
const resolved = { 'service-now': '6', jira: 'Resolved' } as const;

describe.each(kinds)('a ticket in %s', (kind) => {
  it('is created from the start, gets the chat in its order, and its status', async () => {
    const desk = await ticketDesk(test, `start-${kind}`, kind, { createOn: 'on-start', statusOut: statusOut[kind] });
    const agent = await desk.signedInAgent();
    const id = await desk.start(desk.customer, { subject: 'I cannot log in', description: 'My account is locked.' });
    await desk.say(desk.customer, id, 'Hello?');
    await desk.say(agent, id, 'Please try again now');
    await desk.clock.advance(60_000);
    const ticket = ticketOf(test, kind, id);
    expect(linesOf(ticket)).toEqual(['Customer: Hello?', 'amina: Please try again now']);
    const { body } = await desk.get(agent, `/conversations/${id}`);
    expect(body.ticket).toMatchObject({ state: 'linked', externalKey: ticket.key, status: ticket.status });
    const customersView = await desk.get(desk.customer, `/conversations/${id}`);
    expect(customersView.body).not.toHaveProperty('ticket');
    const done = await desk.post(agent, `/conversations/${id}/resolve`);
    expect(done.status, done.text).toBe(200);
    await desk.clock.advance(60_000);
    expect(ticketOf(test, kind, id).status).toBe(resolved[kind]);
  });

  it('is created by hand once, whatever is repeated', async () => {
    const desk = await ticketDesk(test, `hand-${kind}`, kind);
    const agent = await desk.signedInAgent();
    const id = await desk.start(desk.customer);
    const { integrationId } = desk;
    const opened = await Promise.all(
      [1, 2, 3].map(() => desk.post(agent, `/conversations/${id}/ticket`, { integrationId })),
    );
    expect(opened.map(({ status }) => status)).toEqual([202, 202, 202]);
    await desk.clock.advance(60_000);
    expect(ticketsAt(test, kind).filter(({ correlation }) => correlation.endsWith(id.toLowerCase()))).toHaveLength(1);
  });

  it('gets no note unless the rules say so, and then internally', async () => {
    for (const notes of ['never', 'internal'] as const) {
      const desk = await ticketDesk(test, `notes-${notes}-${kind}`, kind, { createOn: 'on-start', notes });
      const agent = await desk.signedInAgent();
      const id = await desk.start(desk.customer);
      await desk.say(agent, id, 'One moment');
      await desk.post(agent, `/conversations/${id}/notes`, { text: 'She is angry', clientMessageId: ulid() });
      await desk.say(agent, id, 'Done');
      await desk.clock.advance(60_000);
      const comments = ticketOf(test, kind, id).comments.map(({ text, isInternal }) => [
        text.split('\n')[0],
        isInternal,
      ]);
      const note = [['amina (note): She is angry', true]];
      expect(comments).toEqual(
        notes === 'never'
          ? [['amina: One moment', false]]
          : [['amina: One moment', false], ...note, ['amina: Done', false]],
      );
    }
  });

  it('returns public comments to everyone and internal ones to agents, once', async () => {
    const desk = await ticketDesk(test, `back-${kind}`, kind, { createOn: 'on-start' });
    subscribe(test, kind, desk);
    const agent = await desk.signedInAgent();
    const id = await desk.start(desk.customer);
    await desk.say(agent, id, 'One moment');
    await desk.clock.advance(60_000);
    const { key } = ticketOf(test, kind, id);
    const { serviceNow, jira } = test.run.vendors;
    if (kind === 'jira') {
      jira.comment(key, 'We replaced the card.');
      jira.comment(key, 'Second time this week.', false);
    } else {
      serviceNow.write(key, 'comments', 'We replaced the card.');
      serviceNow.write(key, 'work_notes', 'Second time this week.');
    }
    await expect.poll(() => textsOf(desk, agent, id)).toEqual(['We replaced the card.', 'Second time this week.']);
    await desk.clock.advance(120_000);
    expect(await textsOf(desk, agent, id)).toEqual(['We replaced the card.', 'Second time this week.']);
    expect(await textsOf(desk, desk.customer, id)).toEqual(['We replaced the card.']);
    expect(linesOf(ticketOf(test, kind, id))).toEqual(['amina: One moment']);
  });
});

async function textsOf(
  desk: Pick<Awaited<ReturnType<typeof ticketDesk>>, 'get'>,
  who: { readonly token: string },
  id: string,
) {
  const { body } = await desk.get(who as never, `/conversations/${id}/messages?limit=100`);
  const items = body.items as readonly { readonly system?: { readonly kind: string; readonly text?: string } }[];
  return items.flatMap(({ system }) => (system?.kind === 'ticket-comment' ? [system.text] : []));
}
