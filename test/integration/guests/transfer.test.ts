import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guestLimits } from '../../../shared/features/guests/guest-limits.ts';
import { frozenClock } from '../identity/frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from '../identity/identity-system.ts';
import { createTenant } from '../identity/people.ts';
import {
  type GuestDevice,
  type GuestSession,
  guestSessionOf,
  newDevice,
  newDeviceSecret,
  newGuest,
  proofOf,
  signInAsGuest,
} from './guest-devices.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
});
afterAll(() => system.stop());
const later = frozenClock();
const minute = 60_000;
beforeEach(() => later(60 * minute));

async function codeOf({ accessToken: token }: GuestSession): Promise<string> {
  const { status, body } = await system.call('createTransferCode', { token });
  expect(status).toBe(201);
  return String(body['transferCode']);
}

const move = (device: GuestDevice, transferCode: string, more: object = {}) =>
  signInAsGuest(system, { proof: proofOf(device), transferCode, ...more });
const outcome = async (answer: ReturnType<typeof move>) => {
  const { status, body } = await answer;
  return { status, code: body.code };
};
const invalid = { status: 401, code: 'TRANSFER_CODE_INVALID' };
const isAlive = async ({ accessToken: token }: GuestSession) =>
  (await system.call('getGuestProfile', { token })).status === 200;

describe('a code', () => {
  it('makes another device a device of the guest, with the first one still signed in', async () => {
    const [phone, laptop] = [newDevice(), newDevice()];
    const onPhone = await newGuest(system, phone, { profile: { name: 'Sam' } });
    const onLaptop = guestSessionOf(await move(laptop, await codeOf(onPhone)));
    expect(onLaptop.user).toEqual(onPhone.user);
    expect(await isAlive(onPhone)).toBe(true);
    // Without a code from now on.
    expect((await newGuest(system, laptop)).user).toEqual(onPhone.user);
    expect((await newGuest(system, phone)).user).toEqual(onPhone.user);
  });

  it('has no letters that are confused when read aloud, and is read in any case with any separators', async () => {
    const session = await newGuest(system, newDevice());
    const code = await codeOf(session);
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
    const typed = ` ${code.toLowerCase().replace('-', ' ')} `;
    expect(guestSessionOf(await move(newDevice(), typed)).user.id).toBe(session.user.id);
  });

  it('moves a device with a secret, too', async () => {
    const session = await newGuest(system, newDevice());
    const deviceSecret = newDeviceSecret();
    const transferCode = await codeOf(session);
    await signInAsGuest(system, { deviceSecret, transferCode });
    expect(guestSessionOf(await signInAsGuest(system, { deviceSecret })).user).toEqual(session.user);
  });

  it('works once, also on 5 devices at once', async () => {
    const session = await newGuest(system, newDevice());
    const code = await codeOf(session);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcome(move(newDevice(), code))));
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(outcomes.filter(({ code: problem }) => problem === invalid.code)).toHaveLength(4);
    expect(await outcome(move(newDevice(), code))).toEqual(invalid);
  });

  it('expires after ten minutes', async () => {
    const session = await newGuest(system, newDevice());
    const [first, second] = [await codeOf(session), await codeOf(session)];
    later(10 * minute - 1);
    expect((await outcome(move(newDevice(), first))).status).toBe(200);
    later(1);
    expect(await outcome(move(newDevice(), second))).toEqual(invalid);
  });

  it('works only in its tenant', async () => {
    const code = await codeOf(await newGuest(system, newDevice()));
    const answer = signInAsGuest(system, { deviceSecret: newDeviceSecret(), transferCode: code, tenant: 'south' });
    expect(await outcome(answer)).toEqual(invalid);
  });

  it('cannot be guessed: an address has ten attempts, and a guess creates no guest', async () => {
    const device = newDevice();
    for (let number = 0; number < guestLimits.transferGuesses.burst; number += 1) {
      expect(await outcome(move(device, `ABCDE-FGHJ${(number % 8) + 2}`))).toEqual(invalid);
    }
    expect(await outcome(move(device, 'ABCDE-FGHJK'))).toEqual({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
    later(minute);
    const code = await codeOf(await newGuest(system, newDevice()));
    expect((await outcome(move(device, code))).status).toBe(200);
  });

  it('is refused on a device of another guest, and still works on a new one', async () => {
    const [mine, other] = [newDevice(), newDevice()];
    const session = await newGuest(system, mine);
    await newGuest(system, other);
    const code = await codeOf(session);
    expect(await outcome(move(other, code))).toEqual({ status: 409, code: 'DEVICE_ALREADY_GUEST' });
    expect(guestSessionOf(await move(newDevice(), code)).user.id).toBe(session.user.id);
  });

  it('may be sent again by a device that did not receive the answer', async () => {
    const session = await newGuest(system, newDevice());
    const device = newDevice();
    const code = await codeOf(session);
    await move(device, code);
    expect(guestSessionOf(await move(device, code)).user.id).toBe(session.user.id);
    expect(await outcome(move(newDevice(), code))).toEqual(invalid);
  });

  it('is limited to a few per guest', async () => {
    const { accessToken: token } = await newGuest(system, newDevice());
    for (let number = 0; number < guestLimits.transferCodes.burst; number += 1) {
      expect((await system.call('createTransferCode', { token })).status).toBe(201);
    }
    expect((await system.call('createTransferCode', { token })).body.code).toBe('TOO_MANY_ATTEMPTS');
  });
});

describe('a move that ends other sessions', () => {
  it('ends the sessions, the other codes and the access of the lost device', async () => {
    const [lost, kept] = [newDevice(), newDevice()];
    const before = await newGuest(system, lost);
    const [code, unused] = [await codeOf(before), await codeOf(before)];
    const after = guestSessionOf(await move(kept, code, { endOtherSessions: true }));
    expect(after.user).toEqual(before.user);
    expect([await isAlive(before), await isAlive(after)]).toEqual([false, true]);
    expect((await system.call('refresh', { body: { refreshToken: before.refreshToken } })).status).toBe(401);
    expect(await outcome(signInAsGuest(system, { proof: proofOf(lost) }))).toEqual({
      status: 403,
      code: 'DEVICE_REMOVED',
    });
    expect(await outcome(move(newDevice(), unused))).toEqual(invalid);
    expect((await newGuest(system, kept)).user.id).toBe(before.user.id);
  });

  it('lets the guest admit the removed device and further ones again, with codes', async () => {
    const [first, second, third] = [newDevice(), newDevice(), newDevice()];
    const before = await newGuest(system, first);
    const session = guestSessionOf(await move(second, await codeOf(before), { endOtherSessions: true }));
    expect(guestSessionOf(await move(first, await codeOf(session))).user.id).toBe(before.user.id);
    expect(guestSessionOf(await move(third, await codeOf(session))).user.id).toBe(before.user.id);
    for (const device of [first, second, third]) {
      expect((await newGuest(system, device)).user.id).toBe(before.user.id);
    }
  });
});
