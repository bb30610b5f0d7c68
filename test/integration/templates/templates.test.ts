import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { platformPrefix } from '../../../shared/core/table/schema.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { restorableMs } from '../../../shared/features/templates/template-rules.ts';
import type { TestRun } from '../harness.ts';
import { type Cast, castOf } from '../people.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Lookout } from '../system/canaries.ts';
import { Tables } from '../system/tables.ts';
import { newPerson } from '../system/world.ts';
import { createdTemplate, newForm, newReply, newStaff, someFields, templateCalls } from './template-calls.ts';

let test: TestRun;
let tables: Tables;
let calls: ReturnType<typeof templateCalls>;
let cast: Cast;
let admin: SignedIn;
let foreignAdmin: SignedIn;
let staff: SignedIn;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  calls = templateCalls(test);
  const [first, foreign] = await Promise.all([castOf(test, 'phrases'), castOf(test, 'otherphrases')]);
  cast = first;
  [admin, foreignAdmin, staff] = await Promise.all([
    newPerson(test, cast.slug, 'phrases', 'admin', 'admin'),
    newPerson(test, foreign.slug, 'otherphrases', 'admin', 'admin'),
    newStaff(test),
  ]);
});

afterAll(() => test.stop());

const idsOf = (answer: { readonly body: { readonly items: readonly { readonly id: string }[] } }) =>
  answer.body.items.map(({ id }) => id);
const unique = () => ulid().slice(-12).toLowerCase();

async function allOf(who: SignedIn, query: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await calls.list(who, `?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(answer.status, answer.text).toBe(200);
    found.push(...idsOf(answer));
    cursor = answer.body.nextCursor as string | null;
  }
  return found;
}

describe('a template of a tenant', () => {
  it('is created by an administrator, and every user of the tenant reads it', async () => {
    const answer = await calls.create(admin, newForm({ topic: 'Diagnostics', shortcut: `s${unique()}` }));
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({
      ...{ scope: 'tenant', kind: 'form', topic: 'Diagnostics', useCount: 0, fields: someFields },
      placeholders: [{ name: 'customer', default: 'there' }, { name: 'host' }],
    });
    expect((await calls.get(cast.alice, answer.body.id)).body).toEqual(answer.body);
    expect(await allOf(cast.alice, 'limit=100')).toContain(answer.body.id);
  });

  it('is created once, even if equal requests race, and its key cannot be used for another one', async () => {
    const body = newReply({ shortcut: `s${unique()}` });
    const answers = await Promise.all(Array.from({ length: 4 }, () => calls.create(admin, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await calls.create(admin, { ...body, text: 'Another' })).toMatchObject({
      status: 409,
      body: { code: 'TEMPLATE_KEY_TAKEN', errors: [{ pointer: '/body/key' }] },
    });
    expect((await calls.create(admin, { ...body, language: 'de' })).status).toBe(201);
  });

  it('has a shortcut that no other template of its tenant and language has', async () => {
    const shortcut = `s${unique()}`;
    const first = await createdTemplate(test, admin, newReply({ shortcut }));
    const second = await createdTemplate(test, admin, newReply());
    const taken = { status: 409, body: { code: 'SHORTCUT_TAKEN', errors: [{ pointer: '/body/shortcut' }] } };
    expect(await calls.create(admin, newReply({ shortcut }))).toMatchObject(taken);
    expect(await calls.update(admin, second, { shortcut })).toMatchObject(taken);
    expect((await calls.create(admin, newReply({ shortcut, language: 'fr' }))).status).toBe(201);
    expect((await calls.create(foreignAdmin, newReply({ shortcut }))).status).toBe(201);
    await calls.update(admin, first, { shortcut: null });
    expect((await calls.update(admin, second, { shortcut })).body).toMatchObject({ shortcut });
  });

  it('keeps both changes of administrators that race', async () => {
    const id = await createdTemplate(test, admin, newReply());
    const changes = [{ name: 'Renamed' }, { topic: 'Moved' }, { text: 'Rewritten' }];
    const answers = await Promise.all(changes.map((change) => calls.update(admin, id, change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await calls.get(admin, id)).body).toMatchObject(Object.assign({}, ...changes));
  });

  it('never changes its kind', async () => {
    const id = await createdTemplate(test, admin, newReply());
    expect(await calls.update(admin, id, { fields: someFields })).toMatchObject({
      status: 409,
      body: { code: 'NOT_A_FORM', errors: [{ pointer: '/body/fields' }] },
    });
  });

  it('is stored encrypted, with its key and its shortcut', async () => {
    const word = `canary${unique()}`;
    const body = newForm({ key: word, name: word, topic: word, shortcut: word, text: `Say ${word}` });
    await createdTemplate(test, admin, body);
    const stored = (await tables.items()).filter(({ pk }) => pk.startsWith(`${tenantPrefix}${admin.tenantId}#`));
    expect(stored.flatMap((item) => new Lookout([word]).in(JSON.stringify(item)))).toEqual([]);
  });

  it('counts against the limit of the tenant, unless it is deleted', async () => {
    const id = await createdTemplate(test, admin, newReply());
    const { pk, sk } = keys.templateCount();
    const stored = `${tenantPrefix}${admin.tenantId}#${pk}`;
    const { templates: before } = (await tables.get(stored, sk)) as unknown as { readonly templates: number };
    expect(before).toBe((await allOf(admin, 'scope=tenant&limit=100')).length);
    await tables.set(stored, sk, 'templates', 1000);
    expect(await calls.create(admin, newReply())).toMatchObject({
      status: 409,
      body: { code: 'TEMPLATE_LIMIT_REACHED' },
    });
    expect((await calls.update(admin, id, { name: 'Still possible' })).status).toBe(200);
    await tables.set(stored, sk, 'templates', before);
    await calls.delete(admin, id);
    expect(await tables.get(stored, sk)).toMatchObject({ templates: before - 1 });
  });
});

describe('a global template', () => {
  it('is created by platform staff, and users of every tenant read it', async () => {
    const id = await createdTemplate(test, staff, newReply({ scope: 'global' }));
    for (const who of [cast.alice, foreignAdmin, staff]) {
      expect((await calls.get(who, id)).body).toMatchObject({ id, scope: 'global' });
      expect(await allOf(who, 'scope=global&limit=100')).toContain(id);
    }
    const item = keys.template(id);
    expect(await tables.get(platformPrefix + item.pk, item.sk)).toMatchObject({ templateId: id });
  });

  it('cannot be changed by an administrator of a tenant', async () => {
    const id = await createdTemplate(test, staff, newReply({ scope: 'global' }));
    const forbidden = { status: 403, body: { code: 'NOT_PLATFORM_STAFF' } };
    expect(await calls.create(admin, newReply({ scope: 'global' }))).toMatchObject(forbidden);
    expect(await calls.update(admin, id, { name: 'Mine' })).toMatchObject(forbidden);
    expect(await calls.delete(admin, id)).toMatchObject(forbidden);
    expect((await calls.update(staff, id, { name: 'Ours' })).body).toMatchObject({ name: 'Ours' });
  });

  it('does not keep a tenant from using its key and its shortcut', async () => {
    const body = newReply({ shortcut: `s${unique()}` });
    await createdTemplate(test, staff, { ...body, scope: 'global' });
    expect((await calls.create(admin, body)).status).toBe(201);
    expect(await calls.create(staff, { ...body, text: 'Another', scope: 'global' })).toMatchObject({ status: 409 });
  });

  it('has a separate count of uses in each tenant', async () => {
    const id = await createdTemplate(test, staff, newReply({ scope: 'global' }));
    await calls.render(cast.alice, id, { clientMessageId: ulid() });
    await calls.render(cast.bob, id, { clientMessageId: ulid() });
    await calls.render(foreignAdmin, id, { clientMessageId: ulid() });
    expect((await calls.get(admin, id)).body.useCount).toBe(2);
    expect((await calls.get(foreignAdmin, id)).body.useCount).toBe(1);
    expect((await calls.get(staff, id)).body.useCount).toBe(0);
  });
});

describe('a rendered template', () => {
  it('shows placeholders without a value, and reports them', async () => {
    const id = await createdTemplate(test, admin, newReply());
    expect(await calls.render(cast.alice, id, { values: { customer: 'Ada {host}', unknown: 1 } })).toMatchObject({
      status: 200,
      body: { text: 'Hello Ada {host}, send the logs of {host}.', unresolved: ['host'] },
    });
  });

  it('counts once for each message, however often and concurrently it is rendered', async () => {
    const id = await createdTemplate(test, admin, newReply());
    const [first, second] = [ulid(), ulid()];
    const requests = [first, first, first, second, undefined].map((clientMessageId) =>
      calls.render(cast.alice, id, { values: { host: 'web-3' }, clientMessageId }),
    );
    const answers = await Promise.all([...requests, calls.render(cast.bob, id, { clientMessageId: first })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await calls.get(admin, id)).body.useCount).toBe(3);
  });
});

describe('a deleted template', () => {
  it('exists for administrators only, and can be restored with its uses', async () => {
    const shortcut = `s${unique()}`;
    const id = await createdTemplate(test, admin, newReply({ shortcut }));
    await calls.render(cast.alice, id, { clientMessageId: ulid() });
    expect((await calls.delete(admin, id)).status).toBe(204);
    expect((await calls.delete(admin, id)).status).toBe(204);

    const missing = { status: 404, body: { code: 'TEMPLATE_NOT_FOUND' } };
    expect(await calls.get(cast.alice, id)).toMatchObject(missing);
    expect(await calls.render(admin, id, {})).toMatchObject(missing);
    expect(await allOf(cast.alice, 'deleted=true')).toEqual([]);
    expect(await allOf(admin, 'limit=100')).not.toContain(id);
    expect(await allOf(admin, 'deleted=true')).toContain(id);
    expect((await calls.get(admin, id)).body).toMatchObject({ deletedAt: expect.any(String), useCount: 1 });
    expect(await calls.update(admin, id, { name: 'Late' })).toMatchObject({
      status: 409,
      body: { code: 'TEMPLATE_DELETED' },
    });

    const restored = await calls.update(admin, id, { deleted: false, name: 'Back' });
    expect(restored).toMatchObject({ status: 200, body: { name: 'Back', shortcut, useCount: 1 } });
    expect(restored.body).not.toHaveProperty('deletedAt');
    expect((await calls.get(cast.alice, id)).body).toEqual(restored.body);
    const uses = keys.templateUses(id);
    expect(await tables.get(`${tenantPrefix}${admin.tenantId}#${uses.pk}`, uses.sk)).not.toHaveProperty('expiresAt');
  });

  it('frees its key and its shortcut, and takes others if they were taken', async () => {
    const body = newReply({ shortcut: `s${unique()}` });
    const id = await createdTemplate(test, admin, body);
    await calls.delete(admin, id);
    const successor = await createdTemplate(test, admin, body);
    expect(successor).not.toBe(id);
    expect(await calls.update(admin, id, { deleted: false })).toMatchObject({ status: 409 });
    const restored = await calls.update(admin, id, { deleted: false, key: `k-${unique()}`, shortcut: null });
    expect(restored.status, restored.text).toBe(200);
  });

  it('is gone after 30 days, even if DynamoDB has not deleted it yet', async () => {
    const id = await createdTemplate(test, admin, newReply());
    await calls.delete(admin, id);
    const item = keys.template(id);
    const stored = `${tenantPrefix}${admin.tenantId}#${item.pk}`;
    const { deletedAt, expiresAt } = (await tables.get(stored, item.sk)) as unknown as Record<string, number>;
    expect(expiresAt).toBe(Math.ceil(((deletedAt ?? 0) + restorableMs) / 1000));
    await tables.set(stored, item.sk, 'deletedAt', Date.now() - restorableMs);
    expect(await calls.update(admin, id, { deleted: false })).toMatchObject({ status: 404 });
    expect(await allOf(admin, 'deleted=true')).not.toContain(id);
  });
});

describe('the list of templates', () => {
  it('pages through the templates of the tenant, then the global ones, each once', async () => {
    const topic = `Topic ${unique()}`;
    const own = await Promise.all([1, 2, 3].map(() => createdTemplate(test, admin, newReply({ topic }))));
    const global = await Promise.all(
      [1, 2].map(() => createdTemplate(test, staff, newReply({ topic, scope: 'global' }))),
    );
    const expected = [...own.sort(), ...global.sort()];
    for (const limit of [1, 2, 3, 5, 100]) {
      expect(await allOf(cast.alice, `topic=${encodeURIComponent(topic)}&limit=${limit}`), `limit ${limit}`).toEqual(
        expected,
      );
    }
    const everything = await allOf(cast.alice, 'limit=2');
    expect(new Set(everything).size).toBe(everything.length);
    expect(everything.filter((id) => expected.includes(id))).toEqual(expected);
  });

  it('ends exactly with the last template', async () => {
    const topic = encodeURIComponent(`Topic ${unique()}`);
    await createdTemplate(test, admin, newReply({ topic: decodeURIComponent(topic) }));
    expect((await calls.list(admin, `?topic=${topic}&limit=1`)).body.nextCursor).toBeNull();
  });

  it('applies every filter', async () => {
    const word = `w${unique()}`;
    const british = await createdTemplate(test, admin, newReply({ name: `Tea ${word}`, language: 'en-GB' }));
    const german = await createdTemplate(test, admin, newForm({ text: `Tee ${word}`, language: 'de' }));
    const found = (query: string) => allOf(cast.alice, `q=${word.toUpperCase()}&${query}`);
    expect(await found('')).toEqual([british, german]);
    expect(await found('language=en')).toEqual([british]);
    expect(await found('language=en-US')).toEqual([]);
    expect(await found('kind=form')).toEqual([german]);
    expect(await found('scope=global')).toEqual([]);
    expect(await found('kind=reply&language=de')).toEqual([]);
  });

  it('rejects a cursor of another scope', async () => {
    await createdTemplate(test, admin, newReply());
    await createdTemplate(test, admin, newReply());
    const { nextCursor } = (await calls.list(admin, '?scope=tenant&limit=1')).body as { readonly nextCursor: string };
    expect(await calls.list(admin, `?scope=global&cursor=${nextCursor}`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_CURSOR' },
    });
  });
});
