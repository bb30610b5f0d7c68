import { expect } from 'vitest';
import { signInAgain } from '../guests/guest-person.ts';
import { connect } from '../people.ts';
import { password, type Person } from '../system/world.ts';
import { type SignedIn, signIn } from '../raw-client.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { patiently } from './persistence.ts';

/** Tokens live for 15 minutes. A full sweep takes longer. */
const enoughMs = 8 * 60_000;

export function isFresh({ token }: Pick<SignedIn, 'token'>): boolean {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  return payload.exp * 1000 - Date.now() > enoughMs;
}

export async function renewSessions(world: CrashWorld): Promise<void> {
  if (isFresh(world.alice)) return;
  const { test, slug, alice, bob, admin, presence, desk } = world;
  const { agent, colleague, solo, customer, guest } = desk;
  for (const person of [alice, bob, admin, agent, colleague, solo, customer])
    await logInAgain(world, slug, person, person.email);
  Object.assign(guest, await signInAgain(test, slug, guest));
  for (const name of ['alice', 'bob', 'carol'] as const) {
    await logInAgain(world, presence.slug, presence[name], `${name}@${presence.slug}.test`);
  }
  const old = [world.aliceSocket, world.bobSocket, presence.watcher, presence.bobSocket];
  await Promise.all(old.map((socket) => socket.close()));
  Object.assign(world, { aliceSocket: await connect(test, alice), bobSocket: await connect(test, bob) });
  Object.assign(presence, {
    watcher: await connect(test, presence.alice),
    bobSocket: await connect(test, presence.bob),
  });
  await test.run.settled();
}

async function logInAgain({ test }: CrashWorld, slug: string, person: SignedIn | Person, email: string): Promise<void> {
  Object.assign(person, await signIn(test.url, slug, email, password));
}

export async function takeSession(world: CrashWorld): Promise<SignedIn> {
  const { sessions, slug, visitor } = world;
  for (let session = sessions.shift(); session !== undefined; session = sessions.shift()) {
    if (isFresh(session)) return session;
  }
  const body = { tenant: slug, email: visitor.email, password };
  const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/login', body));
  expect(answer.status, answer.text).toBe(200);
  const { accessToken: token, refreshToken } = answer.body;
  return { ...visitor, token, refreshToken };
}
