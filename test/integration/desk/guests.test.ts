import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sized } from '../../faults/scale.ts';
import { type GuestPerson, newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';
import { insist } from './desk-races.ts';
import { DeskTables } from './desk-tables.ts';

const guests = sized(1000, 20);
const guestsAtOnce = 10;
const mostSignIns = 5;

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

interface Entry {
  readonly type: string;
  readonly text?: string;
  readonly senderId: string;
}

async function textsOf(desk: Desk, who: SignedIn, id: string): Promise<readonly (string | undefined)[]> {
  const { items } = (await desk.get(who, `/conversations/${id}/messages`)).body as { readonly items: readonly Entry[] };
  return items.filter(({ type }) => type === 'text').map(({ text }) => text);
}

/** Signs another device in if a sign-in timed out. */
async function patientGuest(desk: Desk, name: string, attempt = 1): Promise<GuestPerson> {
  try {
    return await newGuestPerson(test, desk.slug, name);
  } catch (error) {
    if (attempt === mostSignIns) throw error;
    return patientGuest(desk, name, attempt + 1);
  }
}

const newText = (text: string) => ({ type: 'text', text, clientMessageId: ulid() });

describe('the desk of many guests', () => {
  it('creates one conversation for each, and loses no message', async () => {
    const desk = await deskOf(test, 'crowd', { autoAssign: 'off' });
    const ids = new Map<string, string>();
    const serve = async (number: number) => {
      const guest = await patientGuest(desk, `crowd${number}`);
      const message = newText(`Help ${number}`);
      const start = () => insist(() => desk.post(guest, '/conversations', { kind: 'support', message }));
      const [first, repeated] = await Promise.all([start(), start()]);
      expect(repeated.body.id).toBe(first.body.id);
      const id = first.body.id as string;
      const next = newText(`Still ${number}`);
      const sent = await insist(() => desk.post(guest, `/conversations/${id}/messages`, next));
      expect(sent.status, sent.text).toBeLessThan(300);
      ids.set(guest.userId, id);
      const shown = await textsOf(desk, guest, id);
      expect(shown).toEqual([`Help ${number}`, `Still ${number}`]);
    };
    for (let done = 0; done < guests; done += guestsAtOnce) {
      await Promise.all(Array.from({ length: guestsAtOnce }, (_, index) => serve(done + index)));
    }
    await test.run.settled();
    const content = await new DeskTables(test, desk.admin.tenantId).read();
    expect(new Set(ids.values()).size).toBe(guests);
    expect([...content.conversations.keys()].sort()).toEqual([...ids.values()].sort());
    expect(content.violations()).toEqual([]);
    expect((await desk.get(desk.admin, '/conversations/counts')).body).toMatchObject({ unassigned: guests });
  });

  it('creates one conversation for a guest who starts 20 times at once', async () => {
    const desk = await deskOf(test, 'eager', { autoAssign: 'off' });
    const guest = await newGuestPerson(test, desk.slug, 'eager');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const message = newText(`Attempt ${index}`);
        return insist(() => desk.post(guest, '/conversations', { kind: 'support', message }));
      }),
    );
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 201)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await textsOf(desk, guest, answers[0]?.body.id as string)).toSorted()).toEqual(
      answers.map((_, index) => `Attempt ${index}`).toSorted(),
    );
    const content = await new DeskTables(test, desk.admin.tenantId).read();
    expect(content.conversations.size).toBe(1);
  });
});

describe('a wiped conversation', () => {
  it('is readable nowhere from then on, and the desk sees only that it was wiped', async () => {
    const canary = `canary${ulid().toLowerCase()}`;
    const desk = await deskOf(test, 'wipe', { autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const guest = await newGuestPerson(test, desk.slug, canary);
    const id = await desk.start(guest, {
      subject: `Subject ${canary}`,
      description: `Description ${canary}`,
      metadata: { page: canary },
      message: newText(`Message ${canary}`),
    });
    await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    await desk.say(amina, id, `Reply ${canary}`);
    await desk.post(amina, `/conversations/${id}/notes`, { text: `Note ${canary}`, clientMessageId: ulid() });
    await test.run.settled();
    // Many requests at once warm the caches of many environments.
    const before = await readEverywhere(desk, [amina, desk.admin], id, canary);
    expect(before.filter((text) => text.includes(canary)).length).toBeGreaterThan(10);

    const wiped = await desk.post(guest, `/conversations/${id}/wipe`);
    expect(wiped.status, wiped.text).toBe(204);
    const after = await readEverywhere(desk, [amina, desk.admin, guest], id, canary);
    expect(after.filter((text) => text.includes(canary))).toEqual([]);

    await test.run.settled();
    expect((await readEverywhere(desk, [amina, desk.admin, guest], id, canary)).join()).not.toContain(canary);
    const { body } = await desk.get(amina, `/conversations/${id}`);
    expect(body).toMatchObject({ status: 'closed', wiped: true });
    expect(body).not.toHaveProperty('subject');
    const entries = (await desk.get(amina, `/conversations/${id}/messages`)).body.items;
    expect(entries.at(-1)).toMatchObject({ type: 'system', support: { wiped: true } });
    const content = await new DeskTables(test, desk.admin.tenantId).read();
    expect(content.items.filter(({ pk }) => pk === `OWNED#conversation/${id}`)).toEqual([]);
    expect(readable(content.items)).not.toContain(canary);
    expect(content.violations()).toEqual([]);
    const refused = await desk.say(guest, id, 'Hello?');
    expect(refused).toMatchObject({ status: 409, body: { code: 'CONVERSATION_CLOSED' } });
    expect(await desk.post(amina, `/conversations/${id}/reopen`)).toMatchObject({ status: 409 });
  });

  it('lets its guest start again', async () => {
    const desk = await deskOf(test, 'wipe-again', { autoAssign: 'off' });
    const guest: GuestPerson = await newGuestPerson(test, desk.slug, 'again');
    const first = await desk.start(guest);
    await desk.post(guest, `/conversations/${first}/wipe`);
    const repeated = await desk.post(guest, `/conversations/${first}/wipe`);
    expect(repeated.status).toBe(204);
    const second = await desk.start(guest, { message: newText('Once more') });
    expect(second).not.toBe(first);
    expect(await textsOf(desk, guest, second)).toEqual(['Once more']);
  });
});

const readsAtOnce = 6;

/** The answers of everything that shows content. */
async function readEverywhere(
  desk: Desk,
  people: readonly SignedIn[],
  id: string,
  canary: string,
): Promise<readonly string[]> {
  const paths = [
    `/conversations/${id}`,
    `/conversations/${id}/messages`,
    `/conversations/${id}/messages/2`,
    `/conversations/${id}/messages/4`,
    `/conversations?kind=support&view=all`,
    `/conversations`,
    `/notifications`,
    `/search/messages?q=${canary}`,
  ];
  const texts: string[] = [];
  for (const person of people) {
    for (const path of paths) {
      const answers = await Promise.all(Array.from({ length: readsAtOnce }, () => desk.get(person, path)));
      texts.push(...answers.map(({ text }) => text));
    }
  }
  return texts;
}

function readable(items: readonly object[]): string {
  return JSON.stringify(items, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
}
