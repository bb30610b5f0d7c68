import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupCalls } from '../../integration/groups/group-calls.ts';
import type { TestRun } from '../../integration/harness.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { type Cast, castOf, conversationOf } from '../../integration/people.ts';
import { call, type SignedIn } from '../../integration/raw-client.ts';
import { sized } from '../scale.ts';

// The first write to a slot of the log wins.
const rounds = sized(30, 2);

let test: TestRun;
let cast: Cast;
let groups: ReturnType<typeof groupCalls>;

beforeAll(async () => {
  test = await sharedTestRun();
  cast = await castOf(test, 'races');
  groups = groupCalls(test);
});
afterAll(() => test.stop());

const newMessage = () => ({ type: 'text', text: 'who is first?', clientMessageId: ulid() });

function ask(who: SignedIn, method: string, path: string, body?: object) {
  const more = body === undefined ? {} : { body };
  return call(test.url, method, `/api/v1/conversations/${path}`, { token: who.token, ...more });
}

describe.each(Array.from({ length: rounds }, (_, round) => round + 1))('in round %i', () => {
  it('deletes a message that is edited at the same time and returns none of its text', async () => {
    const id = await conversationOf(test, cast.alice, cast.bob);
    const { seq } = (await ask(cast.alice, 'POST', `${id}/messages`, newMessage())).body;
    const path = `${id}/messages/${seq}`;
    const [edit, deletion] = await Promise.all([
      ask(cast.alice, 'PATCH', path, { text: 'changed', clientMessageId: ulid() }),
      ask(cast.alice, 'DELETE', path),
    ]);
    expect(deletion.status, deletion.text).toBe(200);
    expect([200, 409, 410, 422], edit.text).toContain(edit.status);
    const message = await ask(cast.bob, 'GET', path);
    expect(message.body).toMatchObject({ deletedAt: expect.any(String) });
    expect(message.body).not.toHaveProperty('text');
  });

  it('stores each of many simultaneous reactions once', async () => {
    const id = await conversationOf(test, cast.alice, cast.bob);
    const { seq } = (await ask(cast.alice, 'POST', `${id}/messages`, newMessage())).body;
    const emojis = ['👍', '❤️', '😀', '🎉', '🚀', '👀', '🙏', '🔥'];
    const answers = await Promise.all(
      emojis.flatMap((emoji) =>
        [cast.alice, cast.bob, cast.alice, cast.bob].map((who) =>
          ask(who, 'PUT', `${id}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { reactions } = (await ask(cast.bob, 'GET', `${id}/messages/${seq}`)).body as {
      readonly reactions: readonly { readonly emoji: string; readonly userIds: readonly string[] }[];
    };
    expect(reactions.map(({ emoji }) => emoji).sort()).toEqual(emojis.toSorted());
    const both = [cast.alice.userId, cast.bob.userId].sort();
    for (const { userIds } of reactions) expect([...userIds].sort()).toEqual(both);
  });

  it('stores a message before the removal of its sender or not at all', async () => {
    const id = await groups.started(cast.alice, [cast.bob]);
    const sent = newMessage();
    const [send, removal] = await Promise.all([
      groups.send(cast.bob, id, sent),
      groups.remove(cast.alice, id, cast.bob.userId),
    ]);
    expect(removal.status, removal.text).toBe(204);
    expect([201, 404], send.text).toContain(send.status);
    const page = (await groups.get(cast.alice, id, '/messages')).body.items as readonly {
      readonly seq: number;
      readonly clientMessageId: string;
    }[];
    const stored = page.findIndex(({ clientMessageId }) => clientMessageId === sent.clientMessageId);
    expect(stored >= 0).toBe(send.status === 201);
    expect(stored).toBeLessThan(page.length - 1);
  });

  it('keeps one of two admins who remove each other', async () => {
    const id = await groups.started(cast.alice, [cast.bob, cast.carol]);
    expect((await groups.role(cast.alice, id, cast.bob.userId, 'admin')).status).toBe(200);
    const answers = await Promise.all([
      groups.remove(cast.alice, id, cast.bob.userId),
      groups.remove(cast.bob, id, cast.alice.userId),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    const roles = groups.roles(await groups.get(cast.carol, id));
    expect(Object.keys(roles)).toHaveLength(2);
    expect(Object.values(roles).sort()).toEqual(['admin', 'member']);
  });

  it('makes the next admin one when the last admin leaves twice at once', async () => {
    const id = await groups.started(cast.alice, [cast.bob]);
    const leave = () => groups.remove(cast.alice, id, cast.alice.userId);
    const answers = await Promise.all([leave(), leave()]);
    expect(answers.some(({ status }) => status === 204)).toBe(true);
    expect(answers.every(({ status }) => status === 204 || status === 404)).toBe(true);
    expect(groups.roles(await groups.get(cast.bob, id))).toEqual({ [cast.bob.userId]: 'admin' });
  });
});
