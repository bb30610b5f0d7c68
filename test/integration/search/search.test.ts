import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { readyAttachment, textFile } from '../attachments/upload.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, conversationOf } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { Lookout } from '../system/canaries.ts';
import { Tables } from '../system/tables.ts';
import { Searcher } from './searcher.ts';

let test: TestRun;
let tables: Tables;
let person: Searcher;
let cast: Cast;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  person = new Searcher(test);
  cast = await castOf(test, 'library');
});

afterAll(() => test.stop());

let groups = 0;

async function groupOf(admin: SignedIn, others: readonly SignedIn[], more: object = {}): Promise<string> {
  groups += 1;
  const participants = others.map(({ userId }) => ({ userId }));
  const group = { kind: 'group', name: `Group ${groups}`, participants, ...more };
  return (await person.ask(admin, 'POST', '/conversations', group)).id as string;
}

function indexed(
  who: SignedIn,
  { conversationId, seq, createdAt }: { conversationId: string; seq: number; createdAt: string },
) {
  const { pk, sk } = keys.searchEntry(conversationId, Date.parse(createdAt), seq);
  return tables.get(`${tenantPrefix}${who.tenantId}#${pk}`, sk);
}

/** Repeats events, as EventBridge may. Returns their number. */
async function publishAgain(matches: (detail: string) => boolean): Promise<number> {
  const entries = test.run.recorder
    .sinks('event')
    .map((event) => ({
      type: String((event['detail'] as { type: string }).type),
      detail: JSON.stringify(event['detail']),
    }))
    .filter(({ detail }) => matches(detail))
    .reverse();
  const bridge = new EventBridgeClient({
    endpoint: test.run.aws.url,
    region: test.run.assembly.region,
    credentials: test.run.aws.ownerCredentials,
  });
  for (const { type, detail } of entries) {
    await bridge.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: 'switchboard-dev', Source: 'switchboard', DetailType: type, Detail: detail }],
      }),
    );
  }
  await test.run.settled();
  return entries.length;
}

describe('a search', () => {
  it('finds words and prefixes in any script, whatever their case and accents', async () => {
    const { alice, bob } = cast;
    const id = await groupOf(alice, [bob]);
    const texts = {
      emergency: 'An EMERGENCY at the harbour',
      street: 'Große Straße, où l’été dure',
      hebrew: 'שָׁלוֹם עולם',
      arabic: 'سَلَامٌ عليكم',
      japanese: '明日東京都へ行きます',
      chinese: '这是中文搜索测试',
      emoji: '🎉🎉',
    };
    const seqs: Record<string, number> = {};
    for (const [name, text] of Object.entries(texts)) seqs[name] = await person.write(bob, id, text);
    const expected: Readonly<Record<string, string | undefined>> = {
      ...{ emergency: 'emergency', EMER: 'emergency', 'harb emer': 'emergency', em: 'emergency' },
      ...{ mergency: undefined, 'emergency quay': undefined, emergencies: undefined },
      ...{ strasse: 'street', ETE: 'street', 'ou grosse': 'street' },
      ...{ שלום: 'hebrew', שָׁלוֹם: 'hebrew', سلام: 'arabic', عليك: 'arabic' },
      ...{ 京都: 'japanese', 東京都: 'japanese', 都京: undefined, 搜索: 'chinese', 测: 'chinese' },
      ...{ '🎉': 'emoji', '🎈': undefined },
    };
    await test.run.settled();
    for (const [q, name] of Object.entries(expected)) {
      const found = (await person.searchAll(alice, { q, conversationId: id })).map(({ seq }) => seq);
      expect(found, q).toEqual(name === undefined ? [] : [seqs[name]]);
    }
  });

  it('finds messages by the names of their files and returns them as the history does', async () => {
    const { alice, bob } = cast;
    const id = await conversationOf(test, alice, bob);
    const file = await readyAttachment(test, alice, id, textFile('words inside', 'Quarterly_report-2031.txt'));
    const seq = await person.write(alice, id, 'see for yourself', { type: 'file', attachments: [file] });
    await person.ask(bob, 'PUT', `/conversations/${id}/messages/${seq}/reactions/${encodeURIComponent('👍')}`);
    await person.ask(bob, 'POST', `/conversations/${id}/receipts`, { readSeq: seq });
    await test.run.settled();
    const shown = await person.ask(alice, 'GET', `/conversations/${id}/messages/${seq}`);
    expect(shown).toMatchObject({ status: 'read', reactions: [{ emoji: '👍' }] });
    for (const q of ['quarter 2031', 'report', 'yourself txt']) {
      expect((await person.search(bob, { q })).items, q).toEqual([shown]);
    }
    expect(await person.find(bob, 'inside')).toEqual([]);
  });

  it('finds the new words of an edited message and no longer the old ones', async () => {
    const { alice, bob } = cast;
    const id = await groupOf(alice, [bob]);
    const seq = await person.write(alice, id, 'the windmill turns');
    expect(await person.find(bob, 'windmill')).toEqual([seq]);
    await person.ask(alice, 'PATCH', `/conversations/${id}/messages/${seq}`, { text: 'the watermill turns' });
    expect(await person.find(bob, 'windmill')).toEqual([]);
    expect(await person.find(bob, 'watermill turns')).toEqual([seq]);
  });

  it('never finds a deleted message, even when its events are repeated late and out of order', async () => {
    const { alice, bob } = cast;
    const id = await groupOf(alice, [bob]);
    const written = await person.write(alice, id, 'the password is tangerine');
    const sent = await person.ask(alice, 'GET', `/conversations/${id}/messages/${written}`);
    await person.ask(alice, 'PATCH', `/conversations/${id}/messages/${sent.seq}`, {
      text: 'the password is clementine',
    });
    await test.run.settled();
    await person.ask(alice, 'DELETE', `/conversations/${id}/messages/${sent.seq}`);
    // The deletion is not indexed yet.
    expect((await person.searchAll(bob, { q: 'clementine' })).length).toBe(0);
    await test.run.settled();
    const left = await indexed(alice, sent);
    expect(Object.keys(left ?? {}).sort()).toEqual(['pk', 'sk', 'u']);
    const handled = () =>
      test.run.recorder.invocations().filter(({ functionName }) => functionName.endsWith('-index-messages')).length;
    const before = handled();
    expect(await publishAgain((detail) => detail.includes(id))).toBeGreaterThanOrEqual(3);
    expect(handled()).toBeGreaterThan(before);
    expect(await indexed(alice, sent)).toEqual(left);
    for (const q of ['tangerine', 'clementine', 'password']) expect(await person.find(bob, q), q).toEqual([]);
    expect(await person.searchAll(bob, { conversationId: id })).toEqual([]);
  });

  it('filters by sender, type and date, and by several of them', async () => {
    const { alice, bob } = cast;
    const id = await groupOf(alice, [bob]);
    const first = await person.write(alice, id, 'ferry at nine');
    const second = await person.write(bob, id, 'ferry at ten');
    const location = { latitude: 1, longitude: 2 };
    const third = await person.write(bob, id, 'ferry is here', { type: 'location', location });
    await test.run.settled();
    const at = async (seq: number) =>
      (await person.ask(alice, 'GET', `/conversations/${id}/messages/${seq}`)).createdAt as string;
    const found = async (query: Readonly<Record<string, string>>) =>
      (await person.searchAll(alice, { conversationId: id, ...query })).map(({ seq }) => seq);
    expect(await found({})).toEqual([third, second, first]);
    expect(await found({ q: 'ferry', senderId: bob.userId })).toEqual([third, second]);
    expect(await found({ q: 'ferry', type: 'text' })).toEqual([second, first]);
    expect(await found({ type: 'location', senderId: alice.userId })).toEqual([]);
    const [from, to] = [await at(second), await at(third)];
    expect(await found({ after: from })).toEqual([third, second].concat((await at(first)) === from ? [first] : []));
    expect(await found({ before: from })).toEqual((await at(first)) === from ? [] : [first]);
    expect(await found({ q: 'ferry', after: from, before: to })).toEqual(from === to ? [] : [second]);
    expect(await found({ after: '9999-12-31T00:00:00.000Z' })).toEqual([]);
    expect(await found({ before: '0001-01-01T00:00:00.000Z' })).toEqual([]);
  });

  it.each([
    [{}, '/query/q'],
    [{ after: '2026-11-21T00:00:00.000Z' }, '/query/q'],
    [{ q: '…' }, '/query/q'],
    [{ q: 'a b c d e f g h i j k' }, '/query/q'],
    [{ q: 'x'.repeat(201) }, '/query/q'],
    [{ q: 'x', limit: '101' }, '/query/limit'],
    [{ q: 'x', type: 'system' }, '/query/type'],
    [{ q: 'x', after: 'yesterday' }, '/query/after'],
  ])('rejects %j and names the field', async (query, pointer) => {
    const path = `/api/v1/search/messages?${new URLSearchParams(query).toString()}`;
    const answer = await call(test.url, 'GET', path, { token: cast.alice.token });
    expect(answer, answer.text).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});

describe('a search over several pages', () => {
  it('returns every match of several conversations, newest first, while messages arrive', async () => {
    const crowd = await castOf(test, 'pages');
    const { alice, bob, carol } = crowd;
    const ids = [
      await conversationOf(test, alice, bob),
      await conversationOf(test, alice, carol),
      ...(await Promise.all([groupOf(alice, [bob]), groupOf(bob, [alice, carol]), groupOf(carol, [alice])])),
    ];
    const writers = [bob, carol, bob, bob, carol];
    await Promise.all(
      ids.map(async (id, index) => {
        for (let count = 0; count < 62; count += 1) {
          await person.write(
            writers[index] as SignedIn,
            id,
            count % 3 === index % 3 ? `marmalade ${count}` : `jam ${count}`,
          );
        }
      }),
    );
    await test.run.settled();
    const all: { conversationId: string; seq: number; text?: string; createdAt: string }[] = [];
    for (const id of ids) {
      all.push(...(await person.ask(alice, 'GET', `/conversations/${id}/messages?limit=100`)).items);
    }
    all.sort(
      (first, second) =>
        Date.parse(second.createdAt) - Date.parse(first.createdAt) ||
        (first.conversationId < second.conversationId
          ? 1
          : first.conversationId > second.conversationId
            ? -1
            : second.seq - first.seq),
    );
    const expected = all.filter(({ text }) => text?.startsWith('marmalade'));
    expect(expected.length).toBeGreaterThan(100);
    const named = (list: readonly { conversationId: string; seq: number }[]) =>
      list.map(({ conversationId, seq }) => `${conversationId} ${seq}`);
    expect(named(await person.searchAll(alice, { q: 'marm', limit: '7' }))).toEqual(named(expected));
    expect(named(await person.searchAll(alice, { type: 'text', limit: '100' }))).toEqual(
      named(all.filter(({ text }) => text !== undefined)),
    );
    const page = await person.search(alice, { q: 'marmalade', limit: '50' });
    await person.write(bob, ids[0] as string, 'marmalade at last');
    await test.run.settled();
    const rest = await person.searchAll(alice, { q: 'marmalade', limit: '50', cursor: page.nextCursor ?? '' });
    expect(named([...page.items, ...rest])).toEqual(named(expected));
    const newest = await person.search(alice, { q: 'marmalade', limit: '1' });
    expect(newest.items[0]?.text).toBe('marmalade at last');
    expect(newest.searchedThrough).toBe(newest.items[0]?.createdAt);
  });
});

describe('a user', () => {
  it('finds nothing in a group after being removed', async () => {
    const { alice, bob, carol } = cast;
    const id = await groupOf(alice, [bob, carol]);
    const seq = await person.write(alice, id, 'the heron nests here');
    expect(await person.find(carol, 'heron')).toEqual([seq]);
    await person.ask(alice, 'DELETE', `/conversations/${id}/participants/${carol.userId}`);
    await person.write(alice, id, 'the heron has gone');
    expect(await person.find(carol, 'heron')).toEqual([]);
    const path = `/api/v1/search/messages?q=heron&conversationId=${id}`;
    expect((await call(test.url, 'GET', path, { token: carol.token })).body.code).toBe('CONVERSATION_NOT_FOUND');
    expect(await person.find(bob, 'heron')).toHaveLength(2);
  });

  it('finds messages from before joining only when the group shows newcomers its full history', async () => {
    const { alice, bob, carol } = cast;
    for (const history of ['since-joining', 'full']) {
      const id = await groupOf(alice, [bob], { history });
      await person.write(alice, id, `before ${history} pelican`);
      await person.ask(alice, 'POST', `/conversations/${id}/participants`, {
        participants: [{ userId: carol.userId }],
      });
      await person.write(alice, id, `afterwards ${history} pelican`);
      await test.run.settled();
      const found = (await person.searchAll(carol, { q: 'pelican', conversationId: id })).map(({ text }) => text);
      const all = [`afterwards ${history} pelican`, `before ${history} pelican`];
      expect(found).toEqual(history === 'full' ? all : all.slice(0, 1));
      expect(await person.searchAll(bob, { q: 'pelican', conversationId: id })).toHaveLength(2);
    }
  });

  it('finds nothing in conversations of others or of another tenant', async () => {
    const { alice, bob, carol } = cast;
    const id = await conversationOf(test, alice, bob);
    await person.write(alice, id, 'a cormorant dives');
    const foreign = await castOf(test, 'elsewhere');
    for (const stranger of [carol, foreign.alice]) {
      expect(await person.find(stranger, 'cormorant')).toEqual([]);
      expect(await person.find(stranger, 'cormorant', { senderId: alice.userId })).toEqual([]);
      const path = `/api/v1/search/messages?conversationId=${id}`;
      const answer = await call(test.url, 'GET', path, { token: stranger.token });
      expect(answer, answer.text).toMatchObject({ status: 404, body: { code: 'CONVERSATION_NOT_FOUND' } });
    }
    await person.write(alice, id, 'a cormorant again');
    await test.run.settled();
    const { nextCursor } = await person.search(alice, { q: 'cormorant', limit: '1' });
    const path = `/api/v1/search/messages?q=cormorant&cursor=${nextCursor}`;
    expect((await call(test.url, 'GET', path, { token: bob.token })).body.code).toBe('INVALID_CURSOR');
  });
});

describe('the index', () => {
  it('contains no word, no prefix, and nothing that two messages have in common', async () => {
    const { alice, bob } = cast;
    const id = await groupOf(alice, [bob], { name: 'Plain' });
    const word = 'zanzibarcanary';
    const seqs = [await person.write(alice, id, word), await person.write(bob, id, word)];
    expect(await person.find(alice, word)).toEqual(seqs.reverse());
    const items = (await tables.items()).filter(({ pk }) => pk.includes('#X#'));
    expect(items.length).toBeGreaterThan(20);
    const texts = items.map((item) =>
      [
        item.pk,
        item.sk,
        ...Object.values(item).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value),
        ),
      ].join(' '),
    );
    const lookout = new Lookout([word, word.slice(0, 8), 'emergency', 'clementine', 'Quarterly']);
    expect(texts.flatMap((text) => lookout.in(text))).toEqual([]);
    // Compares bytes of term hashes, because prefixes are too short to search for.
    const own = items.filter(({ pk }) => pk.endsWith(`#X#${id}`)).map((item) => Buffer.from(item['w'] as Uint8Array));
    expect(own.map(({ length }) => length)).toEqual([10, 10]);
    const termHashes = own
      .flatMap((bytes) => [bytes.subarray(0, 5), bytes.subarray(5)])
      .map((hash) => hash.toString('hex'));
    expect(new Set(termHashes).size).toBe(4);
    for (const prefix of ['zan', 'text']) expect(own.some((bytes) => bytes.includes(prefix))).toBe(false);
    for (const item of items)
      expect(Object.keys(item).every((name) => ['pk', 'sk', 'u', 's', 'w'].includes(name))).toBe(true);
    const logged = test.run.recorder.invocations().flatMap(({ logs }) => logs);
    expect(logged.flatMap((line) => lookout.in(line))).toEqual([]);
  });

  it('is neither written nor read when the tenant has turned search off', async () => {
    const { slug, alice, bob } = await castOf(test, 'quiet', { search: 'off', messagesPerMinute: null });
    const id = await conversationOf(test, alice, bob);
    const seq = await person.write(alice, id, 'nobody finds this');
    await test.run.settled();
    const ofTenant = async () =>
      (await tables.items()).filter(({ pk }) => pk.startsWith(`${tenantPrefix}${alice.tenantId}#X#`));
    expect(await ofTenant()).toEqual([]);
    const search = () => call(test.url, 'GET', '/api/v1/search/messages?q=nobody', { token: alice.token });
    expect(await search()).toMatchObject({ status: 403, body: { code: 'SEARCH_OFF' } });

    const set = async (value: 'on' | 'off') => {
      await test.provision({ command: 'changeSettings', tenant: slug, settings: { search: value } });
      for (const name of ['search', 'index-messages']) await test.run.functions.recycle(`switchboard-dev-${name}`);
    };
    await set('on');
    expect((await search()).body).toEqual({ items: [], nextCursor: null });
    const later = await person.write(alice, id, 'everybody finds this');
    await person.ask(alice, 'PATCH', `/conversations/${id}/messages/${seq}`, { text: 'nobody, until it was edited' });
    expect(await person.find(bob, 'nobody')).toEqual([seq]);
    expect(await person.find(bob, 'everybody')).toEqual([later]);
    // An edit while search is off removes the term hashes.
    await set('off');
    await person.ask(alice, 'PATCH', `/conversations/${id}/messages/${later}`, { text: 'everybody, edited' });
    await test.run.settled();
    expect((await ofTenant()).map((item) => 'w' in item)).toEqual([true, false]);
  });
});
