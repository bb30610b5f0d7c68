import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { password } from '../people.ts';
import { signIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';
import { deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

describe('a guest who becomes a user', () => {
  it('keeps the support conversation with its content, while the tokens of the guest end', async () => {
    const desk = await deskOf(test, 'becomes', { registration: 'open', autoAssign: 'off' });
    const amina = await desk.agent('amina');
    const guest = await newGuestPerson(test, desk.slug, 'beacon');
    const id = await desk.start(guest, { subject: 'My boat' });
    expect((await desk.say(guest, id, 'It has sunk')).status).toBe(201);
    await desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' });
    expect((await desk.say(amina, id, 'Where?')).status).toBe(201);

    const email = 'beacon@becomes.test';
    const person = {
      username: 'beacon',
      email,
      firstName: 'Bea',
      lastName: 'Con',
      password,
      passwordConfirm: password,
    };
    const registered = await desk.post(guest, '/guests/me/register', person);
    expect(registered.status, registered.text).toBe(201);
    await test.run.settled();
    const user = await signIn(test.url, desk.slug, email, password);
    expect(user.userId).toBe(guest.userId);
    // API Gateway keeps the authorizer's answer for 5 seconds.
    const withOldToken = async () => (await desk.get(guest, '/guests/me')).status;
    await expect.poll(withOldToken, { timeout: 10_000, interval: 500 }).toBe(401);

    const kept = (await new Tables(test.run).items()).map(({ pk }) => pk);
    expect(kept.filter((pk) => pk.includes(`OWNED#conversation/${id}`))).toHaveLength(1);
    expect(kept.filter((pk) => pk.includes(`OWNED#guest/${guest.userId}`))).toEqual([]);

    const { items } = (await desk.get(user, '/conversations?kind=support')).body;
    expect(items).toMatchObject([{ id, subject: 'My boat', assigneeName: 'amina', customerId: guest.userId }]);
    const messages = (await desk.get(user, `/conversations/${id}/messages`)).body.items as { text?: string }[];
    expect(messages.flatMap(({ text }) => text ?? [])).toEqual(['It has sunk', 'Where?']);
    expect((await desk.say(user, id, 'In the harbour')).status).toBe(201);
    expect((await desk.get(amina, `/conversations/${id}`)).body).toMatchObject({ status: 'active' });
    const changed = await desk.patch(user, `/conversations/${id}`, { subject: 'My other boat' });
    expect(changed.body, changed.text).toMatchObject({ subject: 'My other boat' });

    expect((await desk.post(user, `/conversations/${id}/wipe`)).status).toBe(204);
    await test.run.settled();
    expect((await desk.get(user, '/users/me')).body).toMatchObject({ email });
  });
});
