import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../../lib/synthesis.ts';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import { call } from '../raw-client.ts';
import { newPerson, password } from './people.ts';

let test: OwnTestRun;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'switchboard-signing-keys-'));
  test = await startTestRun();
  const created = await test.provision({ command: 'createTenant', slug: 'north' });
  if (!created.ok) throw new Error(created.problem.detail);
  const { email, username, firstName, lastName } = newPerson('anna');
  await test.provision({ command: 'createAdmin', tenant: 'north', email, username, firstName, lastName, password });
});

afterAll(async () => {
  await test.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Keeps the data. */
async function deploy(signingKeys: readonly number[]): Promise<void> {
  const { context } = JSON.parse(await readFile(join(import.meta.dirname, '../../../cdk.json'), 'utf8')) as {
    context: { stages: Record<string, object> };
  };
  const outputDirectory = join(directory, signingKeys.join('-'));
  const stages = { dev: { ...context.stages['dev'], signingKeys } };
  await synthesise({ outputDirectory, checks: false, context: { stages }, log: () => undefined });
  await test.restart(outputDirectory);
}

async function login(): Promise<string> {
  const answer = await call(test.url, 'POST', '/api/v1/auth/login', {
    body: { tenant: 'north', username: 'anna', password },
  });
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { accessToken: string }).accessToken;
}

async function publishedKeys(): Promise<readonly string[]> {
  const answer = await call(test.url, 'GET', '/.well-known/jwks.json', {});
  return (answer.body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

function keyOf(token: string): string {
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
}

const isAccepted = async (token: string) => (await call(test.url, 'GET', '/api/v1/users/me', { token })).status === 200;

describe('a rotation of signing keys', () => {
  it('keeps old tokens valid until the last change of the settings', async () => {
    const old = await login();
    const [first] = await publishedKeys();
    expect(keyOf(old)).toBe(first);

    await deploy([1, 2]);
    const both = await publishedKeys();
    expect(both).toHaveLength(2);
    expect(both[0]).toBe(first);
    expect(keyOf(await login())).toBe(first);

    await deploy([2, 1]);
    const next = await login();
    expect(await publishedKeys()).toEqual([both[1], first]);
    expect(keyOf(next)).toBe(both[1]);
    expect([await isAccepted(old), await isAccepted(next)]).toEqual([true, true]);

    await deploy([2]);
    expect(await publishedKeys()).toEqual([both[1]]);
    expect([await isAccepted(old), await isAccepted(next)]).toEqual([false, true]);
  });
});
