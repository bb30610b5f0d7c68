import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  [test, browser] = await Promise.all([startTestRun(), launchChromium()]);
  cast = await castOf(test, 'tabs');
});
afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

interface InPage {
  client: { send(id: string, text: string): { kept: Promise<void>; stored: Promise<unknown> }; wake(): void };
}

/** Starts a client in a page, whose outbox is the browser's. */
async function start(page: Page): Promise<void> {
  const login = { tenant: cast.slug, username: 'alice', password };
  // As text: what the test's own compiler makes of an import is not for pages.
  await page.evaluate(`(async () => {
    const text = ${JSON.stringify(source)};
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const { createChatClient, browserOutbox } = await import(address);
    const outbox = browserOutbox('outbox-alice');
    window.client = await createChatClient({ url: location.origin, login: ${JSON.stringify(login)}, outbox });
  })()`);
}

it('two tabs share what was written offline, over a reload, and it is stored once and in order', async () => {
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
        await client.send(id, written).kept;
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
    await (window as unknown as InPage).client.send(id, 'four').stored;
  }, conversationId);
  const log = await call(test.url, 'GET', `/api/v1/conversations/${conversationId}/messages`, {
    token: cast.alice.token,
  });
  expect(log.body.items.map(({ text }: { text: string }) => text)).toEqual(['one', 'two', 'three', 'four']);
  await context.close();
});
