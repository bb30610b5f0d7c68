import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestRun, type TestRun } from '../integration/harness.ts';
import { type Cast, castOf } from '../integration/people.ts';
import { call, signIn } from '../integration/raw-client.ts';
import { launchChromium } from './chromium.ts';

let test: TestRun;
let cast: Cast;
let browser: Browser;

beforeAll(async () => {
  [test, browser] = await Promise.all([startTestRun(), launchChromium()]);
  cast = await castOf(test, 'browser');
});

afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

it('lets a person who forgot the password set a new one by the mail’s link, once', async () => {
  const email = 'alice@browser.test';
  const asked = await call(test.url, 'POST', '/api/v1/auth/forgot-password', { body: { tenant: cast.slug, email } });
  expect(asked.status).toBe(202);
  await test.run.settled();
  const link = /http\S+\/reset-password#token=[\w-]+/.exec(JSON.stringify(test.run.recorder.sinks('mail')))?.[0];
  if (link === undefined) throw new Error('No mail with a link was sent');

  const context = await browser.newContext();
  const page = await context.newPage();
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(link);
  expect(page.url()).not.toContain('token');
  await page.getByLabel('New password').fill('Lantern-Quay-31!');
  await page.getByLabel('The same again').fill('Lantern-Quay-3!');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('The two passwords differ.').waitFor();
  await page.getByLabel('The same again').fill('Lantern-Quay-31!');
  await page.keyboard.press('Enter');
  await page.getByText('All sessions of the account have ended').waitFor();
  expect(requested.filter((url) => url.includes('token='))).toEqual([]);

  expect((await signIn(test.url, cast.slug, email, 'Lantern-Quay-31!')).userId).toBe(cast.alice.userId);
  const old = await call(test.url, 'GET', '/api/v1/users/me', { token: cast.alice.token });
  expect(old.status).toBe(401);

  const again = await context.newPage();
  await again.goto(link);
  await again.getByLabel('New password').fill('Another-Quay-32!');
  await again.getByLabel('The same again').fill('Another-Quay-32!');
  await again.getByRole('button', { name: 'Set password' }).click();
  await again.getByText('The token is not valid').waitFor();
  await context.close();
});

it('chats over the WebSocket from a page, as the landing page says', async () => {
  const page = await browser.newPage();
  await page.goto(test.url);
  const type = await page.evaluate(async (token) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws', ['switchboard', `bearer.${token}`]);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const answer = new Promise<string>((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(String(data))),
    );
    socket.send(JSON.stringify({ action: 'hello', ref: '1', data: {} }));
    const { type } = JSON.parse(await answer) as { type: string };
    socket.close();
    return `${socket.protocol} ${type}`;
  }, cast.bob.token);
  expect(type).toBe('switchboard welcome');
  await page.close();
});

it('serves the documents and the inspector', async () => {
  const page = await browser.newPage();
  await page.goto(`${test.url}/docs`);
  await page.getByRole('heading', { name: 'Switchboard', level: 1 }).waitFor();
  await page.goto(`${test.url}/reference`);
  expect(await page.getByRole('main').innerText()).toContain('IDEMPOTENCY_CONFLICT');
  await page.goto(`${test.url}/__local`);
  await page.getByText('socket-message').first().waitFor();
  await page.close();
});
