import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guestLimits } from '../../../shared/features/guests/guest-limits.ts';
import { greatestDifficulty, leastDifficulty, workLifeMs } from '../../../shared/features/guests/work-challenge.ts';
import { frozenClock } from '../identity/frozen-clock.ts';
import { type IdentitySystem, startIdentitySystem } from '../identity/identity-system.ts';
import { createTenant } from '../identity/people.ts';
import { newDevice, newDeviceSecret, newGuest, proofOf, signInAsGuest, solve, type Work } from './guest-devices.ts';
import { fillLimit } from './guest-tables.ts';

let system: IdentitySystem;
beforeAll(async () => {
  system = await startIdentitySystem();
  await createTenant(system, 'north');
  await createTenant(system, 'south');
});
afterAll(() => system.stop());
const later = frozenClock();

const hour = 3_600_000;
let subnet = 0;
/** The address of a network that no other test uses. */
let address: string;
beforeEach(() => {
  subnet += 1;
  address = `198.51.100.${subnet}`;
  // The buckets of the tenant are empty again.
  later(hour);
});

const arrive = (more: object = {}, from = address) =>
  signInAsGuest(system, { deviceSecret: newDeviceSecret(), ...more }, from);

/** Fills the limit of an address with newcomers, and returns the challenge of the next one. */
async function flood(from = address): Promise<Work> {
  for (let number = 0; number <= guestLimits.newOfAddress.burst; number += 1) {
    const { status, body } = await arrive({}, from);
    if (status === 429) return body['work'] as Work;
  }
  throw new Error('The limit admitted every newcomer');
}

describe('the limit of an address', () => {
  it('asks newcomers for a proof of work, with which a person gets in', async () => {
    for (let number = 0; number < guestLimits.newOfAddress.burst; number += 1)
      expect((await arrive()).status).toBe(200);
    const { status, body, headers } = await arrive();
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'PROOF_OF_WORK_REQUIRED' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const challenge = body['work'] as Work;
    expect(challenge.difficulty).toBe(leastDifficulty);
    expect((await arrive({ work: solve(challenge) })).status).toBe(200);
  });

  it('applies neither to other addresses nor in other tenants', async () => {
    await flood();
    expect((await arrive()).status).toBe(429);
    expect((await arrive({}, '192.0.2.77')).status).toBe(200);
    expect((await arrive({ tenant: 'south' })).status).toBe(200);
  });

  it('counts a network of IPv6 as one address', async () => {
    await flood(`2001:db8:0:${subnet}::1`);
    expect((await arrive({}, `2001:db8:0:${subnet}::2`)).status).toBe(429);
  });

  it('never applies to guests who return, with a key or a secret', async () => {
    const [device, deviceSecret] = [newDevice(), newDeviceSecret()];
    const before = await newGuest(system, device);
    await arrive({ deviceSecret });
    await flood();
    const after = await signInAsGuest(system, { proof: proofOf(device) }, address);
    expect(after.body.user).toEqual(before.user);
    expect((await arrive({ deviceSecret })).status).toBe(200);
  });

  it('admits newcomers without work again when time has passed', async () => {
    await flood();
    later(guestLimits.newOfAddress.intervalMs);
    expect((await arrive()).status).toBe(200);
    expect((await arrive()).status).toBe(429);
  });
});

describe('a solved challenge', () => {
  it('admits one newcomer, also in 5 requests at once', async () => {
    const work = solve(await flood());
    const answers = await Promise.all(Array.from({ length: 5 }, () => arrive({ work })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429, 429, 429, 429]);
    expect((await arrive({ work })).body.code).toBe('PROOF_OF_WORK_REQUIRED');
  });

  it('works neither from another network, nor in another tenant, nor after its time', async () => {
    const other = `203.0.113.${100 + subnet}`;
    await flood(other);
    const work = solve(await flood());
    expect((await arrive({ work }, other)).status).toBe(429);
    for (let number = 0; number < guestLimits.newOfAddress.burst; number += 1) await arrive({ tenant: 'south' });
    expect((await arrive({ work, tenant: 'south' })).status).toBe(429);
    later(workLifeMs);
    await flood();
    expect((await arrive({ work })).status).toBe(429);
  });

  it('is rejected with another nonce, and answered with a new challenge', async () => {
    const challenge = await flood();
    const { status, body } = await arrive({ work: { challenge: challenge.challenge, nonce: 'wrong' } });
    expect(status).toBe(429);
    expect((body['work'] as Work).challenge).not.toBe(challenge.challenge);
  });

  it('counts in a limit of its own, which rejects when it is full', async () => {
    const work = solve(await flood());
    await fillLimit('north', guestLimits.workOfAddress, address);
    const { status, body } = await arrive({ work });
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
    expect(body.retryAfterMs).toBeLessThanOrEqual(guestLimits.workOfAddress.intervalMs);
  });
});

describe('a flood from many addresses', () => {
  it('makes newcomers of every address work, and admits those who do', async () => {
    await fillLimit('north', guestLimits.newOfTenant);
    const { status, body } = await arrive();
    expect(status).toBe(429);
    expect((await arrive({ work: solve(body['work'] as Work) })).status).toBe(200);
    expect((await arrive({ tenant: 'south' })).status).toBe(200);
  });

  it('raises the difficulty within its bound, and never rejects solutions', async () => {
    await fillLimit('north', guestLimits.newOfTenant);
    const work = solve((await arrive()).body['work'] as Work);
    await fillLimit('north', guestLimits.workOfTenant);
    expect(((await arrive()).body['work'] as Work).difficulty).toBe(greatestDifficulty);
    expect((await arrive({ work })).status).toBe(200);
  });

  it('never limits guests who return', async () => {
    const deviceSecret = newDeviceSecret();
    await arrive({ deviceSecret });
    await fillLimit('north', guestLimits.newOfTenant);
    await fillLimit('north', guestLimits.workOfTenant);
    expect((await arrive({ deviceSecret })).status).toBe(200);
  });
});

it('limits the sign-ins of one guest by themselves', async () => {
  const [deviceSecret, other] = [newDeviceSecret(), newDeviceSecret()];
  await arrive({ deviceSecret });
  await arrive({ deviceSecret: other });
  for (let number = 0; number < guestLimits.returns.burst; number += 1) {
    expect((await arrive({ deviceSecret })).status).toBe(200);
  }
  expect((await arrive({ deviceSecret })).body.code).toBe('TOO_MANY_ATTEMPTS');
  expect((await arrive({ deviceSecret: other })).status).toBe(200);
});
