import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskOf } from '../desk/desk-people.ts';
import type { TestRun } from '../harness.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newGuestPerson } from './guest-person.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

const size = 10 * 1024 * 1024;

describe('a guest', () => {
  it('has a smaller quota of files than a user, so that guests do not fill the tenant’s', async () => {
    const desk = await deskOf(test, 'guest-files', { guests: 'on' });
    const guest = await newGuestPerson(test, desk.slug, 'files');
    const announce = ({ token }: SignedIn, conversationId: string) => {
      const body = { conversationId, name: 'notes.txt', contentType: 'text/plain', size };
      return call(test.url, 'POST', '/api/v1/attachments', { token, body });
    };
    const id = await desk.start(guest);
    for (let file = 0; file < 5; file += 1) expect((await announce(guest, id)).status).toBe(201);
    expect((await announce(guest, id)).body).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    const own = await desk.start(desk.customer);
    for (let file = 0; file < 6; file += 1) expect((await announce(desk.customer, own)).status).toBe(201);
  });
});
