import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../desk/desk-people.ts';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import { integrationOf, jiraSystem, letTimePass, linesOf, serviceNowSystem, ticketDesk } from './ticket-desk.ts';

let test: OwnTestRun;

beforeAll(async () => {
  test = await startTestRun();
});
afterAll(async () => {
  const fs = await import('node:fs');
  fs.writeFileSync('/tmp/itsm-log.json', JSON.stringify({ inv: test.run.recorder.invocations().filter((i) => /tickets|timers|integrations|projector/.test(i.functionName)), ev: test.run.recorder.sinks('event'), far: test.run.farSides.requests() }, undefined, 1));
  await test.stop();
});

async function chat(desk: Desk) {
  const agent = await desk.agent('amina');
  const id = await desk.start(desk.customer, { subject: 'I cannot log in', description: 'My account is locked.' });
  await desk.say(desk.customer, id, 'Hello?');
  await desk.post(agent, `/conversations/${id}/assign`, { agentId: 'me' });
  return { agent, id };
}

describe('a ticket in ServiceNow', () => {
  it('is created from the start, gets the chat in order, and its status', async () => {
    const desk = await ticketDesk(test, 'snow');
    const rules = { createOn: 'on-start', statusOut: { resolved: '6|Solved|Done' } };
    await integrationOf(test, desk, serviceNowSystem, rules);
    const { agent, id } = await chat(desk);
    await desk.say(agent, id, 'Please try again now');
    await desk.post(agent, `/conversations/${id}/notes`, { text: 'Was locked', clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY' });
    await letTimePass(test, 90_000);
    const { incidents } = test.run.vendors.serviceNow;
    expect(incidents).toHaveLength(1);
    const [incident] = incidents;
    expect(incident?.fields).toMatchObject({ short_description: 'I cannot log in', correlation_id: `sb-${id.toLowerCase()}` });
    expect(linesOf(incident?.journal.map(({ value }) => value) ?? [])).toEqual([
      'Customer: Hello?',
      'amina: Please try again now',
    ]);
    const { body } = await desk.get(agent, `/conversations/${id}`);
    expect(body.ticket).toMatchObject({ state: 'linked', externalKey: incident?.number, status: '1' });
    await desk.post(agent, `/conversations/${id}/resolve`);
    await letTimePass(test, 60_000);
    expect(incident?.fields['state']).toBe('6');
  });
});

describe('a ticket in Jira', () => {
  it('is created by hand, once', async () => {
    const desk = await ticketDesk(test, 'jira');
    const { id: integrationId } = await integrationOf(test, desk, jiraSystem);
    const { agent, id } = await chat(desk);
    const opened = await desk.post(agent, `/conversations/${id}/ticket`, { integrationId });
    expect(opened, opened.text).toMatchObject({ status: 202, body: { integrationId, state: 'pending' } });
    await desk.post(agent, `/conversations/${id}/ticket`, { integrationId });
    await letTimePass(test, 90_000);
    const { issues } = test.run.vendors.jira;
    expect(issues.map(({ fields }) => fields['summary'])).toEqual(['I cannot log in']);
    expect(issues[0]?.comments.map(({ isPublic }) => isPublic)).toEqual([true]);
  });
});
