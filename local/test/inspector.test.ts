import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalRun } from '../contract.ts';
import { html } from '../inspector/html.ts';
import { startLocalRun } from '../run.ts';
import { synthesiseFixture } from './fixture/application.ts';

let directory = '';
let run: LocalRun;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'inspector-'));
  run = await startLocalRun({
    assemblyDirectory: await synthesiseFixture(directory),
    dataDirectory: join(directory, 'data'),
    port: 0,
    pace: { queueRetryAfterMs: 10 },
  });
}, 60_000);

afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true, force: true });
});

const put = (id: string, text: string) => fetch(`${run.url}/api/items/${id}`, { method: 'PUT', body: text });
const json = async (path: string): Promise<unknown> => (await fetch(`${run.url}/__local/api/${path}`)).json();
const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${run.url}/__local/api/${path}`, { method: 'POST', headers, redirect: 'manual' });
const page = async (query = ''): Promise<string> => (await fetch(`${run.url}/__local${query}`)).text();

function statusWith(headers: Record<string, string>, method = 'GET', path = '/__local/api'): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${run.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject).end();
  });
}

describe('the JSON interface of the inspector', () => {
  it('shows addresses, functions and invocations with their calls', async () => {
    await post('clear');
    await put('one', 'x');
    expect(await json('')).toMatchObject({ url: run.url, socketUrl: run.socketUrl, region: 'eu-central-1' });
    const [invocation] = (await json('invocations?limit=1')) as { functionName: string }[];
    expect(invocation).toMatchObject({
      trigger: 'PUT /api/items/{id}',
      outcome: 'returned',
      writeUnits: 1,
      calls: [{ service: 'dynamodb', operation: 'PutItem', offsetMs: expect.any(Number) as number }],
    });
    const figures = (await json('functions')) as { name: string; invocations: number }[];
    expect(figures.find(({ name }) => name === invocation?.functionName)?.invocations).toBe(1);
    expect(await json('calls')).toContainEqual(expect.objectContaining({ operation: 'PutItem' }));
  });

  it('waits until the run has settled', async () => {
    await run.settled();
    await post('clear');
    await put('two', 'x');
    expect(await (await post('settled')).json()).toEqual({ settled: true });
    expect(await json('events')).toMatchObject([{ 'detail-type': 'item.kept', detail: { item: 'ITEM#two' } }]);
  });

  it('clears the history and restarts functions', async () => {
    await put('three', 'x');
    await run.settled();
    await post('clear');
    expect(await json('invocations')).toEqual([]);
    expect((await post('recycle')).status).toBe(200);
    await put('three', 'x');
    expect(await json('invocations?limit=1')).toMatchObject([{ cold: true }]);
  });

  it('reads tables by pages and by partition', async () => {
    await run.settled();
    for (let number = 0; number < 60; number += 1) await put(`page-${number}`, 'x');
    const [table] = (await json('tables')) as { name: string; partitionKey: string }[];
    expect(table).toMatchObject({ partitionKey: 'pk' });
    const first = (await json(`tables/${table?.name}`)) as { items: object[]; next: string };
    expect(first.items).toHaveLength(50);
    const second = (await json(`tables/${table?.name}?next=${first.next}`)) as { items: object[] };
    expect(second.items.length).toBeGreaterThan(0);
    const partition = encodeURIComponent('ITEM#page-7');
    expect(await json(`tables/${table?.name}?partition=${partition}`)).toEqual({
      items: [{ pk: { S: 'ITEM#page-7' }, text: { S: 'x' } }],
    });
    expect((await fetch(`${run.url}/__local/api/tables/unknown`)).status).toBe(404);
  });

  it('shows dead letters without consuming them, and redrives them', async () => {
    await run.settled();
    await put('poison', 'x');
    const dead = async () =>
      ((await json('queues')) as { name: string; visible: number; deadLettersOf: string[] }[]).find(
        ({ deadLettersOf }) => deadLettersOf.length > 0,
      );
    await expect.poll(async () => (await dead())?.visible, { timeout: 10_000, interval: 20 }).toBe(1);
    const name = (await dead())?.name ?? '';
    for (let look = 0; look < 3; look += 1) {
      expect(await json(`queues/${name}`)).toMatchObject([{ body: expect.stringContaining('ITEM#poison') as string }]);
    }
    expect(await page('?tab=queues')).toContain('Redrive all to');
    await post('clear');
    expect(await (await post(`queues/${name}/redrive`)).json()).toEqual({ moved: 1 });
    await expect.poll(async () => (await dead())?.visible, { timeout: 10_000, interval: 20 }).toBe(1);
    expect(run.recorder.invocations().filter(({ outcome }) => outcome === 'failed')).toHaveLength(2);
  });

  it('answers 404 for unknown paths', async () => {
    expect((await fetch(`${run.url}/__local/api/nothing`)).status).toBe(404);
    expect((await fetch(`${run.url}/__local/nothing`)).status).toBe(404);
    expect((await post('nothing')).status).toBe(404);
    expect((await fetch(`${run.url}/__local/api/clear`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${run.url}/__localx`)).headers.get('content-type')).toBe('application/xml');
  });
});

describe('the page of the inspector', () => {
  it.each(['', '?tab=tables', '?tab=events', '?tab=mails', '?tab=pushes', '?tab=invocations', '?tab=queues'])(
    'loads nothing from other hosts: %s',
    async (query) => {
      const response = await fetch(`${run.url}/__local${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const text = await response.text();
      expect(text).toContain('aria-current="page"');
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
      const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'));
      expect(main).not.toContain('[object Object]');
      expect(main).not.toContain('undefined');
    },
  );

  it('shows invocations with their calls', async () => {
    await post('clear');
    await put('seen', 'x');
    const text = await page('?tab=invocations');
    expect(text).toContain('PUT /api/items/{id}');
    expect(text).toContain('dynamodb:PutItem');
    expect(await page('?tab=tables&partition=ITEM%23seen')).toContain('ITEM#seen');
  });

  it('escapes markup in data', async () => {
    await put('%3Cscript%3Ealert(1)%3C%2Fscript%3E', '<img src=x onerror=alert(1)>');
    const text = await page(`?tab=tables&partition=${encodeURIComponent('ITEM#<script>alert(1)</script>')}`);
    expect(text).toContain('&lt;img src=x');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<script>alert');
    expect(html`<p title="${'"><b>'}">${['<i>', html`<u>${1}</u>`, false, undefined]}</p>`.markup).toBe(
      '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;<u>1</u></p>',
    );
  });

  it('returns the main part alone to its own script', async () => {
    const response = await fetch(`${run.url}/__local`, { headers: { 'x-inspector-part': 'main' } });
    const text = await response.text();
    expect(text).toContain('Functions');
    expect(text).not.toContain('<html');
  });

  it('redirects to its tab after a button', async () => {
    const headers = { accept: 'text/html', referer: `${run.url}/__local?tab=events` };
    const response = await post('clear', headers);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/__local?tab=events']);
    const foreign = await post('clear', { accept: 'text/html', referer: 'https://evil.example/x' });
    expect(foreign.headers.get('location')).toBe('/__local');
  });
});

describe('access to the inspector', () => {
  it("rejects host names other than this machine's own", async () => {
    const { port } = new URL(run.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect(await statusWith({ host })).toBe(200);
    }
    for (const host of [`evil.example:${port}`, `localhost.evil.example`, `127.0.0.1.evil.example`]) {
      expect(await statusWith({ host })).toBe(421);
    }
  });

  it("rejects requests of another site's page", async () => {
    const host = new URL(run.url).host;
    expect(await statusWith({ host, origin: run.url }, 'POST', '/__local/api/clear')).toBe(200);
    expect(await statusWith({ host, origin: 'https://evil.example' }, 'POST', '/__local/api/clear')).toBe(403);
    expect(await statusWith({ host, origin: 'null' }, 'POST', '/__local/api/clear')).toBe(403);
    expect(await statusWith({ host, 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});
