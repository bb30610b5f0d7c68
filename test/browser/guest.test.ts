import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildClient } from '../../bin/build-client.ts';
import { startTestRun, type TestRun } from '../integration/harness.ts';
import { launchChromium } from './chromium.ts';

const tenant = 'visitors';
const publicUrl = 'http://chat.test';

let test: TestRun;
let browser: Browser;
/** The texts of the modules. */
let sources: { readonly client: string; readonly guest: string };

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-guest-'));
  await buildClient(folder, { types: false });
  const sourceOf = (name: string) => readFile(join(folder, `${name}.js`), 'utf8');
  sources = { client: await sourceOf('client'), guest: await sourceOf('guest') };
  await rm(folder, { recursive: true });
  test = await startTestRun({ publicUrl });
  browser = await launchChromium(new URL(test.url).port);
  const created = await test.provision({ command: 'createTenant', slug: tenant });
  if (!created.ok) throw new Error(created.problem.detail);
});
afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

async function pageIn(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/docs`);
  return page;
}

/** Signs a page in as a guest, and returns the guest's id. */
function signIn(page: Page): Promise<string> {
  // The code is a string, because the test's compiler would rewrite the import.
  return page.evaluate(`(async () => {
    const { client: clientText, guest: guestText } = ${JSON.stringify(sources)};
    const addressOf = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const address = addressOf(clientText);
    const { createChatClient } = await import(address);
    const { guestSignIn } = await import(addressOf(guestText.replaceAll('./client.js', address)));
    const guest = guestSignIn({ tenant: '${tenant}', audience: '${publicUrl}' });
    const client = await createChatClient({ url: location.origin, guest });
    client.close();
    return client.user.id;
  })()`);
}

/** Returns the kept credential as far as a script of the page can read it. */
function readCredential(page: Page): Promise<{ readonly kind: string; readonly exported: string }> {
  return page.evaluate(`(async () => {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open('guest-${tenant}');
      request.onsuccess = () => resolve(request.result);
    });
    const credential = await new Promise((resolve) => {
      const request = database.transaction('credentials').objectStore('credentials').get('guest');
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    const { kind, privateKey, secret } = credential;
    if (kind === 'secret') return { kind, exported: secret };
    const exported = await crypto.subtle.exportKey('jwk', privateKey).catch((error) => error.name);
    return { kind, exported };
  })()`);
}

it('is one guest in two tabs that start at once, and after a reload, with a key that no script can read', async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const pages = [await pageIn(context, test.url), await pageIn(context, test.url)] as const;
  const [first, second] = await Promise.all(pages.map(signIn));
  expect(second).toBe(first);
  await pages[0].reload();
  expect(await signIn(pages[0])).toBe(first);
  expect(await readCredential(pages[0])).toEqual({ kind: 'key', exported: 'InvalidAccessError' });
  await context.close();
});

it('is another guest in another profile of the browser', async () => {
  const contexts = [await browser.newContext({ bypassCSP: true }), await browser.newContext({ bypassCSP: true })];
  const pages = await Promise.all(contexts.map((context) => pageIn(context, test.url)));
  const [first, second] = await Promise.all(pages.map(signIn));
  expect(second).not.toBe(first);
  for (const context of contexts) await context.close();
});

it('uses a secret on a page over plain HTTP, where browsers have no WebCrypto, and is the same guest with it', async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await pageIn(context, publicUrl);
  expect(await page.evaluate('isSecureContext')).toBe(false);
  const first = await signIn(page);
  const { kind, exported } = await readCredential(page);
  expect(kind).toBe('secret');
  expect(exported).toMatch(/^[A-Za-z0-9_-]{43}$/);
  await page.reload();
  expect(await signIn(page)).toBe(first);
  await context.close();
});
