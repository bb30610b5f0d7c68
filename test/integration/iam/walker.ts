import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ulid } from 'ulid';
import type { TestRun } from '../harness.ts';
import { type Cast, connect, conversationOf, password } from '../people.ts';
import { call, type RawSocket, signIn, type SignedIn } from '../raw-client.ts';
import type { Tables } from '../system/tables.ts';

export interface Walker {
  readonly test: TestRun;
  readonly cast: Cast;
  readonly admin: SignedIn;
  readonly tables: Tables;
  dropDisconnects: boolean;
  patienceMs: number;
  /** True ends a wait once the run is idle. Without a grant, the effect never comes. */
  givesUpWhenSettled: boolean;
}

/** A settled run must stay idle this long. Frames may still be on their way. */
const quietMs = 250;

async function patienceOf({ test, patienceMs, givesUpWhenSettled }: Walker): Promise<void> {
  const patience = sleep(patienceMs);
  if (!givesUpWhenSettled) return patience;
  const settled = async (): Promise<void> => {
    await test.run.settled();
    await sleep(quietMs);
    await test.run.settled();
  };
  // A failing stream function is retried for longer than the patience.
  await Promise.race([patience, settled()]);
}

export async function expectAnswer(
  walker: Walker,
  status: number,
  method: string,
  path: string,
  who?: SignedIn,
  body?: unknown,
) {
  const answer = await call(walker.test.url, method, path, { token: who?.token, body });
  expect(answer.status, `${method} ${path} ${answer.text}`).toBe(status);
  return answer.body;
}

export async function eventually(walker: Walker, what: string, isSo: () => Promise<boolean>): Promise<void> {
  let isOver = false;
  void patienceOf(walker).then(() => (isOver = true));
  while (!(await isSo())) {
    if (isOver) throw new Error(`Not within the patience of the walk: ${what}`);
    await sleep(25);
  }
}

export async function newUser(
  { test, cast }: Walker,
  active = true,
  role: 'member' | 'agent' = 'member',
): Promise<{ readonly email: string; readonly id: string }> {
  const username = `u${ulid().slice(-12).toLowerCase()}`;
  const email = `${username}@${cast.slug}.test`;
  const names = { firstName: 'New', lastName: 'User' };
  const made = await test.provision({
    command: 'createUser',
    tenant: cast.slug,
    username,
    email,
    ...names,
    password,
    role,
    active,
  });
  if (!made.ok || !('user' in made)) throw new Error('No user was created');
  return { email, id: made.user.id };
}

export async function newSession(walker: Walker): Promise<SignedIn> {
  return signIn(walker.test.url, walker.cast.slug, (await newUser(walker)).email, password);
}

export function recordedConnections(walker: Walker, who: SignedIn): Promise<number> {
  return walker.tables
    .get(`T#${who.tenantId}#U#${who.userId}`, 'CONNECTIONS')
    .then((item) => Object.keys(item ?? {}).filter((name) => name.startsWith('c:')).length);
}

export async function changeConnections({ tables }: Walker, who: SignedIn, change: object): Promise<void> {
  const item = await tables.get(`T#${who.tenantId}#U#${who.userId}`, 'CONNECTIONS');
  if (item === undefined) throw new Error('The user has no connection');
  const entries = Object.entries(item).map(([name, value]) => [
    name,
    name.startsWith('c:') ? { ...(value as object), ...change } : value,
  ]);
  await tables.put({ ...item, ...Object.fromEntries(entries) });
}

/** Died without a `$disconnect`, a minute after it was opened. */
export async function deadConnection(walker: Walker, who: SignedIn): Promise<void> {
  const dead = await connect(walker.test, who);
  walker.dropDisconnects = true;
  await dead.close();
  walker.dropDisconnects = false;
  await changeConnections(walker, who, { connectedAt: Date.now() - 60_000 });
}

/** The other user has a live connection and a dead one. */
export async function halfDeadAudience(walker: Walker): Promise<Audience> {
  const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
  const live = await connect(walker.test, to);
  await deadConnection(walker, to);
  return { from, to, live, id: await conversationOf(walker.test, from, to) };
}

export async function late(walker: Walker, what: string): Promise<never> {
  await patienceOf(walker);
  throw new Error(`Not within the patience of the walk: ${what}`);
}

export interface Audience {
  readonly from: SignedIn;
  readonly to: SignedIn;
  readonly live: RawSocket;
  readonly id: string;
}

/** Like {@link halfDeadAudience}, but the conversation is older. */
export async function audienceWithDead(walker: Walker): Promise<Audience> {
  const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
  const id = await conversationOf(walker.test, from, to);
  const live = await connect(walker.test, to);
  await deadConnection(walker, to);
  return { from, to, live, id };
}
