import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyTranscript } from '../../../shared/features/transcripts/signed-transcript.ts';
import { logSortKey } from '../../../shared/core/table/keys.ts';
import type { TestRun } from '../harness.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
let tables: Tables;
beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
});
afterAll(() => test.stop());

async function talk(name: string) {
  const desk = await deskOf(test, name, { autoAssign: 'off' });
  const agent = await desk.agent('amina');
  const id = await desk.start(desk.customer, { subject: 'Parcel' });
  await desk.say(desk.customer, id, '=HYPERLINK("x")');
  await desk.post(agent, `/conversations/${id}/notes`, { text: 'Strange', clientMessageId: ulid() });
  await desk.say(agent, id, '<b>Hello</b>');
  return { desk, agent, id };
}

async function transcript(desk: Desk, who: SignedIn, id: string, query = '') {
  const answer = await desk.get(who, `/conversations/${id}/transcript${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as { content: string; fileName: string; messages: number; nextCursor: string | null };
}

describe('a transcript', () => {
  it('has what its reader may see, in every format', async () => {
    const { desk, agent, id } = await talk('formats');
    expect(await transcript(desk, agent, id)).toMatchObject({ messages: 4, nextCursor: null });
    const own = await transcript(desk, desk.customer, id);
    expect(own).toMatchObject({ messages: 3, fileName: `conversation-${id}.ndjson` });
    expect(own.content).not.toContain('Strange');
    const csv = await transcript(desk, desk.customer, id, '?format=csv');
    expect(csv.content).toContain(`"'=HYPERLINK(""x"")"`);
    const html = await transcript(desk, agent, id, '?format=html');
    expect(html.content).toContain('&lt;b&gt;Hello&lt;/b&gt;');
    const text = await transcript(desk, desk.customer, id, '?format=txt');
    expect(text.content).toContain('amina (agent): <b>Hello</b>');
    const other = await desk.person('other');
    expect((await desk.get(other, `/conversations/${id}/transcript`)).status).toBe(404);
  });

  it('is signed, and proves itself without the service', async () => {
    const { desk, id } = await talk('signed');
    const { content, messages } = await transcript(desk, desk.customer, id, '?format=signed');
    expect(messages).toBe(3);
    expect(content).not.toContain('Strange');
    const verdict = verifyTranscript(content);
    expect(verdict).toMatchObject({ valid: true, content: { conversationId: id, isEnd: true } });
    expect(verdict.valid && verdict.content.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const changed = content.replace('Hello', 'Hallo');
    expect(verifyTranscript(changed)).toEqual({ valid: false, fault: 'content' });
  });

  it('is erased with its conversation', async () => {
    const { desk, agent, id } = await talk('wiped');
    await desk.post(desk.customer, `/conversations/${id}/wipe`);
    for (const format of ['json', 'csv', 'txt', 'html', 'signed']) {
      const { content } = await transcript(desk, agent, id, `?format=${format}`);
      expect(content).not.toMatch(/HYPERLINK|Strange|Hello/);
    }
    const { body } = await desk.get(agent, `/conversations/${id}/integrity`);
    expect(body).toMatchObject({ verdict: 'intact', entries: 5 });
  });
});

describe('the integrity of a conversation', () => {
  it('is confirmed to customers and agents, and shows a change past the service', async () => {
    const { desk, agent, id } = await talk('integrity');
    for (const who of [desk.customer, agent]) {
      const { body } = await desk.get(who, `/conversations/${id}/integrity`);
      expect(body).toMatchObject({ verdict: 'intact', entries: 4, forgedCheckpoints: 0 });
    }
    const sk = logSortKey(2);
    const entry = (await tables.items()).find((item) => item.pk.endsWith(`C#${id}`) && item.sk === sk);
    await tables.set(entry?.pk ?? '', sk, 's', agent.userId);
    const { body } = await desk.get(desk.customer, `/conversations/${id}/integrity`);
    expect(body).toMatchObject({ verdict: 'changed', changed: { seq: 2, reason: 'hash' } });
  });
});
