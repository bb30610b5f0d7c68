import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../bin/build-client.ts';
import { startTestRun, type TestRun } from '../integration/harness.ts';
import { type Cast, castOf, password } from '../integration/people.ts';
import { call } from '../integration/raw-client.ts';
import { launchChromium } from './chromium.ts';

let test: TestRun;
let cast: Cast;
let browser: Browser;
let source: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-browser-'));
  await buildClient(folder, { types: false });
  source = await readFile(join(folder, 'client.js'), 'utf8');
  await rm(folder, { recursive: true });
  test = await startTestRun({ publicUrl: 'http://chat.test' });
  browser = await launchChromium(new URL(test.url).port);
  cast = await castOf(test, 'tabs');
});
afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

interface InPage {
  client: {
    messages: { send(id: string, text: string): { kept: Promise<void>; stored: Promise<unknown> } };
    wake(): void;
  };
}

async function start(page: Page, url?: string): Promise<void> {
  const login = { tenant: cast.slug, username: 'alice', password };
  // A string, because the test's compiler would rewrite the import.
  await page.evaluate(`(async () => {
    const text = ${JSON.stringify(source)};
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const { createChatClient, browserOutbox } = await import(address);
    const outbox = browserOutbox('outbox-alice');
    window.client = await createChatClient({ url: ${url === undefined ? 'location.origin' : JSON.stringify(url)}, login: ${JSON.stringify(login)}, outbox });
  })()`);
}

it('sends messages that two tabs wrote offline once and in order, even after a reload', async () => {
  const { body } = await call(test.url, 'POST', '/api/v1/conversations', {
    token: cast.alice.token,
    body: { kind: 'direct', userId: cast.bob.userId },
  });
  const conversationId: string = body.id;
  const context = await browser.newContext({ bypassCSP: true });
  const pages = [await context.newPage(), await context.newPage()] as const;
  for (const page of pages) {
    await page.goto(`${test.url}/docs`);
    await start(page);
  }
  const send = (page: Page, text: string) =>
    page.evaluate(
      async ([id, written]) => {
        const { client } = window as unknown as InPage;
        await client.messages.send(id, written).kept;
      },
      [conversationId, text] as const,
    );
  await context.setOffline(true);
  await send(pages[0], 'one');
  await send(pages[1], 'two');
  await send(pages[0], 'three');
  await pages[1].close();
  await context.setOffline(false);
  await pages[0].reload();
  await start(pages[0]);
  await pages[0].evaluate(async (id) => {
    await (window as unknown as InPage).client.messages.send(id, 'four').stored;
  }, conversationId);
  const log = await call(test.url, 'GET', `/api/v1/conversations/${conversationId}/messages`, {
    token: cast.alice.token,
  });
  expect(log.body.items.map(({ text }: { text: string }) => text)).toEqual(['one', 'two', 'three', 'four']);
  await context.close();
});

describe('a page served over plain HTTP on a host other than localhost', () => {
  let page: Page;
  let conversationId: string;

  beforeAll(async () => {
    const { body } = await call(test.url, 'POST', '/api/v1/conversations', {
      token: cast.alice.token,
      body: { kind: 'direct', userId: cast.carol.userId },
    });
    conversationId = body.id;
    const context = await browser.newContext({ bypassCSP: true });
    page = await context.newPage();
    await page.goto('http://chat.test/docs');
    await start(page);
  });

  const inPage = (text: string): Promise<unknown> =>
    page.evaluate(`(${text})(window.client, ${JSON.stringify(conversationId)})`);

  it('sends and stores without the APIs of a secure context', async () => {
    const parts = await page.evaluate('[isSecureContext, typeof crypto.randomUUID, typeof navigator.locks]');
    expect(parts).toEqual([false, 'undefined', 'undefined']);
    const sent = await inPage(`async (client, id) => {
      const { kept, stored } = client.messages.send(id, 'Hello');
      await kept;
      client.receipts.markRead(id, 1);
      return (await stored).text;
    }`);
    expect(sent).toBe('Hello');
  });

  it('sends reactive values, and immediately rejects values that JSON cannot represent', async () => {
    const result = await inPage(`async (client, id) => {
      const errors = [];
      for (const bad of [() => 1, 1n, new Map(), document.body]) {
        try {
          client.messages.send(id, { type: 'text', text: 'bad', metadata: { bad } });
        } catch (error) {
          errors.push(error.name);
        }
      }
      const mentions = new Proxy([client.user.id], {});
      const { text } = await client.messages.send(id, { type: 'text', text: 'good', mentions }).stored;
      return [...errors, text, client.messages.pending(id).length];
    }`);
    expect(result).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError', 'good', 0]);
  });

  it('continues when the user deletes the site’s data', async () => {
    const session = await page.context().newCDPSession(page);
    const storage = { origin: 'http://chat.test', storageTypes: 'indexeddb' };
    await session.send('Storage.clearDataForOrigin', storage);
    const sent = await inPage(`async (client, id) => {
      const { kept, stored } = client.messages.send(id, 'after');
      await kept;
      return (await stored).text;
    }`);
    expect(sent).toBe('after');
  });

  it('gets an error that names the setting for its origin when it has another origin', async () => {
    const otherPage = await page.context().newPage();
    await otherPage.goto('http://other.test/docs');
    const failure = start(otherPage, 'http://chat.test');
    await expect(failure).rejects.toThrow("add 'http://other.test' to the setting allowedOrigins");
    await page.context().close();
  });
});
