import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftKey } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { castOf, connect, conversationOf } from '../people.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Lookout } from '../system/canaries.ts';
import { Tables } from '../system/tables.ts';

let test: TestRun;

beforeAll(async () => {
  test = await sharedTestRun();
});

afterAll(() => test.stop());

function ask(who: SignedIn, method: string, path: string, body?: unknown): Promise<HttpAnswer> {
  const request = { token: who.token, ...(body === undefined ? {} : { body }) };
  return call(test.url, method, `/api/v1${path}`, request);
}

const pathOf = (conversationId: string) => `/conversations/${conversationId}/draft`;

describe('a draft', () => {
  it('is saved, changed and deleted on all devices of its user only', async () => {
    const { alice, bob } = await castOf(test, 'devices');
    const id = await conversationOf(test, alice, bob);
    const [device, other] = await Promise.all([connect(test, alice), connect(test, bob)]);
    const saved = await ask(alice, 'PUT', pathOf(id), { text: 'first words', replyTo: 1 });
    const { revision } = saved.body as { revision: number };
    expect(saved.body).toEqual({
      ...{ conversationId: id, text: 'first words', replyTo: 1, revision },
      updatedAt: expect.any(String) as string,
    });
    const changed = await ask(alice, 'PUT', pathOf(id), { text: '  ' });
    expect(changed.body).toMatchObject({ text: '  ', revision: revision + 1 });
    expect(changed.body).not.toHaveProperty('replyTo');
    expect((await ask(alice, 'GET', pathOf(id))).body).toEqual(changed.body);
    expect((await ask(alice, 'DELETE', pathOf(id))).status).toBe(204);
    expect((await ask(alice, 'DELETE', pathOf(id))).status).toBe(204);
    expect((await ask(alice, 'GET', pathOf(id))).body).toMatchObject({ code: 'DRAFT_NOT_FOUND' });

    await device.frame(({ type, data }) => type === 'draft.updated' && data.text === undefined);
    const events = device.frames.filter(({ type }) => type === 'draft.updated');
    expect(events).toMatchObject([
      { v: 1, conversationId: id, data: { revision, text: 'first words', replyTo: 1 } },
      { v: 1, conversationId: id, data: { revision: revision + 1, text: '  ' } },
      { v: 1, conversationId: id, data: { revision: revision + 2 } },
    ]);
    expect(events.every((event) => event.seq === undefined)).toBe(true);
    expect(other.frames.filter(({ type }) => type === 'draft.updated')).toEqual([]);
    const again = await ask(alice, 'PUT', pathOf(id), { text: 'again' });
    expect(again.body.revision).toBeGreaterThan(revision + 2);
    await Promise.all([device.close(), other.close()]);
  });

  it('is not overwritten or deleted by a device that knows an older revision', async () => {
    const { alice, bob } = await castOf(test, 'revisions');
    const id = await conversationOf(test, alice, bob);
    const first = await ask(alice, 'PUT', pathOf(id), { text: 'one', revision: 0 });
    expect(first.status, first.text).toBe(200);
    const { revision } = first.body as { revision: number };
    const attempts = await Promise.all(
      ['left', 'right'].map((text) => ask(alice, 'PUT', pathOf(id), { text, revision })),
    );
    expect(attempts.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const lost = attempts.find(({ status }) => status === 409);
    const current = revision + 1;
    expect(lost?.body).toMatchObject({ code: 'DRAFT_CHANGED', detail: `The draft has the revision ${current}.` });
    expect(lost?.body.errors).toMatchObject([
      { pointer: '/body/revision', detail: expect.stringContaining(`${current}`) as string },
    ]);
    const stale = await ask(alice, 'DELETE', `${pathOf(id)}?revision=${revision}`);
    expect(stale.body).toMatchObject({ code: 'DRAFT_CHANGED', errors: [{ pointer: '/query/revision' }] });
    expect((await ask(alice, 'PUT', pathOf(id), { text: 'none', revision: 0 })).status).toBe(409);
    const won = attempts.find(({ status }) => status === 200)?.body;
    const repeated = await ask(alice, 'PUT', pathOf(id), { text: won.text, revision });
    expect(repeated.body).toEqual(won);
    expect((await ask(alice, 'DELETE', `${pathOf(id)}?revision=${current}`)).status).toBe(204);
    const gone = await ask(alice, 'PUT', pathOf(id), { text: 'late', revision: current });
    expect(gone.body).toMatchObject({ code: 'DRAFT_CHANGED', detail: 'There is no draft any more.' });
  });

  it('is listed page by page while the user takes part in its conversation', async () => {
    const { alice, bob, carol } = await castOf(test, 'listed');
    const groups = groupCalls(test);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push(await groups.started(alice, [bob, carol]));
    for (const id of ids) await ask(bob, 'PUT', pathOf(id), { text: `in ${id}` });
    const listed = async () => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await ask(bob, 'GET', `/drafts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...(body.items as { conversationId: string }[]).map(({ conversationId }) => conversationId));
        cursor = body.nextCursor;
      }
      return found;
    };
    expect(await listed()).toEqual(ids.toSorted());
    const [left = ''] = ids;
    expect((await groups.remove(alice, left, bob.userId)).status).toBe(204);
    expect(await listed()).toEqual(ids.filter((id) => id !== left).toSorted());
    for (const [method, body] of [['GET'], ['PUT', { text: 'still here' }], ['DELETE']] as const) {
      expect((await ask(bob, method, pathOf(left), body)).body).toMatchObject({ code: 'CONVERSATION_NOT_FOUND' });
    }
    expect((await ask(alice, 'GET', '/drafts')).body).toEqual({ items: [], nextCursor: null });
  });

  it('is limited like a message and stored encrypted, under the name of its owner', async () => {
    const { alice, bob } = await castOf(test, 'secret', { textLength: 50 });
    const id = await conversationOf(test, alice, bob);
    const long = await ask(alice, 'PUT', pathOf(id), { text: 'x'.repeat(51) });
    expect(long.body).toMatchObject({ code: 'MESSAGE_TOO_LONG', errors: [{ pointer: '/body/text' }] });
    expect((await ask(alice, 'PUT', pathOf(id), { text: '' })).body).toMatchObject({ code: 'VALIDATION_FAILED' });
    const canary = 'a secret nobody should read';
    expect((await ask(alice, 'PUT', pathOf(id), { text: canary })).status).toBe(200);
    const tables = new Tables(test.run);
    const dump = await tables.dump(({ pk }) => pk.startsWith(`${tenantPrefix}${alice.tenantId}#`));
    expect(new Lookout([canary]).in([...dump.values()].join('\n'))).toEqual([]);
    const logs = test.run.recorder.invocations().flatMap((invocation) => invocation.logs);
    expect(new Lookout([canary]).in(logs.join('\n'))).toEqual([]);
    const [from, to] = [draftKey(alice.userId, id), draftKey(bob.userId, id)];
    const prefix = `${tenantPrefix}${alice.tenantId}#`;
    const stored = await tables.get(prefix + from.pk, from.sk);
    await tables.put({ ...stored, pk: prefix + to.pk, sk: to.sk });
    expect((await ask(bob, 'GET', pathOf(id))).status).toBe(500);
  });

  it('expires after 90 days without a change', async () => {
    const { alice, bob } = await castOf(test, 'expiry');
    const id = await conversationOf(test, alice, bob);
    const saved = await ask(alice, 'PUT', pathOf(id), { text: 'old' });
    const { pk, sk } = draftKey(alice.userId, id);
    const prefix = `${tenantPrefix}${alice.tenantId}#`;
    await new Tables(test.run).set(prefix + pk, sk, 'expiresAt', Math.floor(Date.now() / 1000) - 1);
    expect((await ask(alice, 'GET', pathOf(id))).status).toBe(404);
    expect((await ask(alice, 'GET', '/drafts')).body.items).toEqual([]);
    const next = await ask(alice, 'PUT', pathOf(id), { text: 'new', revision: 0 });
    expect(next.body).toMatchObject({ text: 'new' });
    expect(next.body.revision).toBeGreaterThan(saved.body.revision as number);
  });
});
