import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { invalidCredentials } from '../../shared/contract/problems.ts';
import type { TestRun } from '../integration/harness.ts';
import { sharedTestRun } from '../integration/shared-run.ts';
import { type Cast, castOf, password } from '../integration/people.ts';
import { call, signIn } from '../integration/raw-client.ts';
import { launchChromium } from './chromium.ts';

let test: TestRun;
let cast: Cast;
let browser: Browser;

beforeAll(async () => {
  [test, browser] = await Promise.all([sharedTestRun(), launchChromium()]);
  cast = await castOf(test, 'browser');
});

afterAll(async () => {
  await browser?.close();
  await test?.stop();
});

async function mailedLink(page: string): Promise<string> {
  await test.run.settled();
  const links = JSON.stringify(test.run.recorder.sinks('mail')).match(/http[^\s"\\]+#token=[\w-]+/g) ?? [];
  return links.findLast((link) => link.includes(`/${page}#`)) ?? expect.unreachable('No mail with a link was sent');
}

it('lets a user set a new password with a mailed link, once', async () => {
  const email = 'alice@browser.test';
  const request = await call(test.url, 'POST', '/api/v1/auth/forgot-password', { body: { tenant: cast.slug, email } });
  expect(request.status).toBe(202);
  const link = await mailedLink('reset-password');

  const context = await browser.newContext();
  const page = await context.newPage();
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(link);
  expect(page.url()).not.toContain('token');
  await page.getByLabel('New password', { exact: true }).fill('Lantern-Quay-31!');
  await page.getByLabel('Repeat new password').fill('Lantern-Quay-3!');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('The passwords do not match.').waitFor();
  await page.getByLabel('Repeat new password').fill('Lantern-Quay-31!');
  await page.keyboard.press('Enter');
  await page.getByText('all sessions of the account have ended').waitFor();
  expect(requested.filter((url) => url.includes('token='))).toEqual([]);

  expect((await signIn(test.url, cast.slug, email, 'Lantern-Quay-31!')).userId).toBe(cast.alice.userId);
  const old = await call(test.url, 'GET', '/api/v1/users/me', { token: cast.alice.token });
  expect(old.status).toBe(401);

  const again = await context.newPage();
  await again.goto(link);
  await again.getByLabel('New password', { exact: true }).fill('Another-Quay-32!');
  await again.getByLabel('Repeat new password').fill('Another-Quay-32!');
  await again.getByRole('button', { name: 'Set password' }).click();
  await again.getByText('The link has expired or was already used').waitFor();
  await context.close();
});

it('lets a user confirm an address with the password, and choose another user name if theirs is taken', async () => {
  const tenant = test.slugOf('confirmed');
  const made = await test.provision({
    command: 'createTenant',
    slug: tenant,
    settings: { emailVerification: 'required' },
  });
  expect(made.ok).toBe(true);
  const names = { username: 'dora', firstName: 'Dora', lastName: 'Test' };
  const email = 'dora@confirmed.test';
  const registered = await call(test.url, 'POST', '/api/v1/auth/register', {
    body: { tenant, email, ...names, password, passwordConfirm: password },
  });
  expect(registered.status).toBe(202);
  const link = await mailedLink('verify-email');
  const holder = { ...names, email: 'other@confirmed.test', password, role: 'member', active: true } as const;
  expect((await test.provision({ command: 'createUser', tenant, ...holder })).ok).toBe(true);

  const page = await browser.newPage();
  await page.goto(link);
  expect(page.url()).not.toContain('token');
  await page.getByLabel('Password').fill('Wrong-Horse-7!');
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await page.getByText(invalidCredentials.title).waitFor();
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByLabel('Another user name').fill('dora2');
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await page.getByText('The address is confirmed. You can log in.').waitFor();
  expect((await signIn(test.url, tenant, email, password)).userId).toMatch(/^[0-9A-Z]{26}$/);
  await page.goto(new URL('/verify-email', test.url).href);
  await page.getByText('The link is incomplete').waitFor();
  expect(await page.getByRole('button', { name: 'Confirm address' }).isDisabled()).toBe(true);
  await page.close();
});

it('connects to the WebSocket from a page, as the landing page shows', async () => {
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

it('serves the documentation and the inspector', async () => {
  const page = await browser.newPage();
  await page.goto(`${test.url}/docs`);
  await page.getByRole('heading', { name: 'Switchboard', level: 1 }).waitFor();
  await page.goto(`${test.url}/reference`);
  expect(await page.getByRole('main').innerText()).toContain('IDEMPOTENCY_CONFLICT');
  await page.goto(`${test.url}/__local`);
  await page.getByText('socket-message').first().waitFor();
  await page.close();
});
