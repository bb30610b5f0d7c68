import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import {
  type GuestCredential,
  type GuestKeyStore,
  keyValueGuestKeys,
  memoryGuestKeys,
} from '../../../shared/client/guest-keys.ts';
import { fileGuestKeys } from '../../../shared/client/guest-keys-in-files.ts';
import { type GuestOptions, guestSignIn } from '../../../shared/client/guest-sign-in.ts';
import { createServerClock } from '../../../shared/client/server-clock.ts';
import { createSession } from '../../../shared/client/session.ts';
import { getGuestProfile } from '../../../shared/contract/guests/get-guest-profile.ts';
import { createTransferCode } from '../../../shared/contract/guests/create-transfer-code.ts';
import type { Guest } from '../../../shared/contract/schemas/guest.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { guestLimits } from '../../../shared/features/guests/guest-limits.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { Tables } from '../system/tables.ts';

let test: TestRun;
let tenant: string;
let folder: string;
const opened: ChatClient<Guest>[] = [];

beforeAll(async () => {
  test = await sharedTestRun();
  tenant = await newTenant('guests');
  folder = await mkdtemp(join(tmpdir(), 'switchboard-guests-'));
});
afterAll(async () => {
  for (const client of opened) client.close();
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function newTenant(name: string): Promise<string> {
  const slug = test.slugOf(name);
  const created = await test.provision({ command: 'createTenant', slug, name });
  if (!created.ok) throw new Error(created.problem.detail);
  return slug;
}

async function guestClient(keyStore: GuestKeyStore, more: Partial<GuestOptions> = {}): Promise<ChatClient<Guest>> {
  const client = await createChatClient({ url: test.url, guest: guestSignIn({ tenant, keyStore, ...more }) });
  opened.push(client);
  return client;
}

function connected(client: ChatClient<Guest>): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (client.state.connection === 'connected') resolve();
    };
    client.on('connection', check);
    check();
  });
}

const idOf = async (keyStore: GuestKeyStore, more: Partial<GuestOptions> = {}) =>
  (await guestClient(keyStore, more)).user.id;

describe('the client', () => {
  it('signs in as a guest, connects, and calls the guest’s operations', async () => {
    const client = await guestClient(memoryGuestKeys(), { profile: { name: 'Sam', language: 'de' } });
    expect(client.user).toMatchObject({ role: 'guest', name: 'Sam', language: 'de' });
    await connected(client);
    expect(await client.call(getGuestProfile)).toMatchObject({ ok: true, body: { id: client.user.id, name: 'Sam' } });
    expect(await client.conversations()).toEqual([]);
  });

  it('is the same guest after a restart, by a key in a file that only its owner can read', async () => {
    const path = join(folder, 'phone/guest.json');
    const first = await idOf(fileGuestKeys(path));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await idOf(fileGuestKeys(path))).toBe(first);
    expect(await idOf(fileGuestKeys(join(folder, 'laptop.json')))).not.toBe(first);
  });

  it('is one guest when ten programs with the same store start at once', async () => {
    const path = join(folder, 'race.json');
    const ids = await Promise.all(Array.from({ length: 10 }, () => idOf(fileGuestKeys(path))));
    expect(new Set(ids).size).toBe(1);
  });

  it('uses a secret where keys cannot be kept, and is the same guest with it', async () => {
    const texts = new Map<string, string>();
    const storage = {
      getItem: async (name: string) => texts.get(name) ?? null,
      setItem: async (name: string, value: string) => texts.set(name, value),
    };
    const first = await idOf(keyValueGuestKeys(storage, 'guest'));
    expect([...texts.values()]).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)]);
    expect(await idOf(keyValueGuestKeys(storage, 'guest'))).toBe(first);
  });

  it('reports a damaged file instead of becoming another guest', async () => {
    const path = join(folder, 'damaged.json');
    await writeFile(path, '{}');
    await expect(idOf(fileGuestKeys(path))).rejects.toThrow('neither a key nor a secret');
  });

  it('adopts the server’s time when the device’s clock is wrong', async () => {
    for (const hours of [-5, 5]) {
      const clock = createServerClock(() => Date.now() + hours * 3_600_000);
      let requests = 0;
      const fetch: typeof globalThis.fetch = (input, init) => {
        requests += 1;
        return globalThis.fetch(input, init);
      };
      const session = createSession({ url: test.url, clock, fetch });
      expect(await session.signInAsGuest(guestSignIn({ tenant, keyStore: memoryGuestKeys() }))).toMatchObject({
        ok: true,
      });
      expect(requests).toBe(2);
    }
  });

  it('keeps its session with its refresh token', async () => {
    const session = createSession({ url: test.url });
    await session.signInAsGuest(guestSignIn({ tenant, keyStore: memoryGuestKeys() }));
    const before = session.stored;
    await session.accessToken(3_600_000);
    expect(session.stored?.refreshToken).not.toBe(before?.refreshToken);
    expect(session.stored?.user).toEqual(before?.user);
  });

  it('rejects with the reason when the tenant accepts no guests', async () => {
    const slug = test.slugOf('closed-door');
    await test.provision({ command: 'createTenant', slug, settings: { guests: 'off' } });
    const rejected = idOf(memoryGuestKeys(), { tenant: slug });
    await expect(rejected).rejects.toMatchObject({ problem: { code: 'GUESTS_OFF' } });
  });
});

describe('a flood', () => {
  it('costs a newcomer a proof of work, which the client solves, and guests who return nothing', async () => {
    const crowded = await newTenant('crowded');
    const returning = memoryGuestKeys();
    const { user } = await guestClient(returning, { tenant: crowded });
    const tables = new Tables(test.run);
    const { burst, intervalMs, name } = guestLimits.newOfTenant;
    const { pk, sk } = keys.attempts(`${name}#all`);
    const filledTo = Date.now() + burst * intervalMs;
    const prefix = (await tables.items()).map((item) => item.pk).find((key) => key.endsWith(`U#${user.id}`));
    await tables.put({ pk: `${prefix?.replace(/U#.*/, '') ?? ''}${pk}`, sk, filledTo });

    const bodies: unknown[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
      return globalThis.fetch(input, init);
    };
    const session = createSession({ url: test.url, fetch });
    expect(await session.signInAsGuest(guestSignIn({ tenant: crowded, keyStore: memoryGuestKeys() }))).toMatchObject({
      ok: true,
    });
    expect(bodies).toEqual([
      expect.not.objectContaining({ work: expect.anything() }),
      expect.objectContaining({ work: { challenge: expect.any(String), nonce: expect.any(String) } }),
    ]);
    expect(await idOf(returning, { tenant: crowded })).toBe(user.id);
  });
});

describe('a move to another device', () => {
  const codeOf = async (client: ChatClient<Guest>) => {
    const answer = await client.call(createTransferCode);
    if (!answer.ok) throw new Error(answer.problem.detail);
    return answer.body.transferCode;
  };

  it('makes a new device the same guest, also after its restart', async () => {
    const phone = await guestClient(memoryGuestKeys());
    const laptop = memoryGuestKeys();
    expect(await idOf(laptop, { transferCode: await codeOf(phone) })).toBe(phone.user.id);
    expect(await idOf(laptop)).toBe(phone.user.id);
  });

  it('replaces the key of a device that was another guest', async () => {
    const phone = await guestClient(memoryGuestKeys());
    const path = join(folder, 'moved.json');
    const before = await idOf(fileGuestKeys(path));
    expect(await idOf(fileGuestKeys(path), { transferCode: await codeOf(phone) })).toBe(phone.user.id);
    expect(phone.user.id).not.toBe(before);
    expect(await idOf(fileGuestKeys(path))).toBe(phone.user.id);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps the old key when the code is wrong', async () => {
    const kept: GuestCredential[] = [];
    const store = memoryGuestKeys();
    const before = await idOf(store);
    const spying: GuestKeyStore = { ...store, replace: async (credential) => void kept.push(credential) };
    const rejected = idOf(spying, { transferCode: 'ABCDE-FGHJK' });
    await expect(rejected).rejects.toMatchObject({ problem: { code: 'TRANSFER_CODE_INVALID' } });
    expect(kept).toEqual([]);
    expect(await idOf(store)).toBe(before);
  });
});
