import { connect } from '../people.ts';
import { password, type Person } from '../system/world.ts';
import { type SignedIn, signIn } from '../raw-client.ts';
import type { CrashWorld } from './crash-world.ts';
import type { PresenceWorld } from './presence-operations.ts';

/** Tokens live for 15 minutes, and with them sockets; a full sweep takes longer. */
const enoughMs = 8 * 60_000;

/** Whether a session's token is good for the longest operation, with all its points. */
export function isFresh({ token }: Pick<SignedIn, 'token'>): boolean {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  return payload.exp * 1000 - Date.now() > enoughMs;
}

/** Logs everybody in again, and connects them anew, whose tokens will not do for much longer. */
export async function renewSessions(world: CrashWorld, presence: PresenceWorld): Promise<void> {
  if (isFresh(world.alice)) return;
  const { test, slug, alice, bob, admin } = world;
  for (const person of [alice, bob, admin]) await logInAgain(world, slug, person, person.email);
  for (const person of [presence.alice, presence.bob]) {
    await logInAgain(
      world,
      presence.slug,
      person,
      `${person === presence.alice ? 'alice' : 'bob'}@${presence.slug}.test`,
    );
  }
  const old = [world.aliceSocket, world.bobSocket, presence.watcher, presence.bobSocket];
  await Promise.all(old.map((socket) => socket.close()));
  // Operations take sockets when they are made, which is just before they are swept.
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
