import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';
import { newDeviceSecret, solve, type Work } from './guest-devices.ts';

/** A guest on a local run, in the form of the other people of a test. */
export interface GuestPerson extends SignedIn {
  readonly email: string;
  readonly username: string;
  readonly deviceSecret: string;
}

export const guestPath = '/api/v1/auth/guest';

export function askAsGuest(test: Pick<TestRun, 'url'>, tenant: string, body: object): Promise<HttpAnswer> {
  return call(test.url, 'POST', guestPath, { body: { tenant, ...body } });
}

/** Signs a new device in. Its profile contains the canary. */
export async function newGuestPerson(test: Pick<TestRun, 'url'>, tenant: string, canary: string): Promise<GuestPerson> {
  const deviceSecret = newDeviceSecret();
  const [email, username] = [`${canary}.guest@people.test`, `${canary} guest`];
  const body = { deviceSecret, profile: { name: username, email } };
  let answer = await askAsGuest(test, tenant, body);
  // A test that creates many guests is a flood.
  if (answer.body?.work !== undefined) {
    answer = await askAsGuest(test, tenant, { ...body, work: solve(answer.body.work as Work) });
  }
  if (answer.status !== 200) throw new Error(answer.text);
  const { accessToken: token, refreshToken, user } = answer.body;
  return { token, refreshToken, userId: user.id, tenantId: user.tenantId, email, username, deviceSecret };
}

/** A new session of the guest's device. */
export async function signInAgain(
  test: Pick<TestRun, 'url'>,
  tenant: string,
  { deviceSecret }: Pick<GuestPerson, 'deviceSecret'>,
): Promise<Pick<SignedIn, 'token' | 'refreshToken'>> {
  const answer = await askAsGuest(test, tenant, { deviceSecret });
  if (answer.status !== 200) throw new Error(answer.text);
  return { token: answer.body.accessToken, refreshToken: answer.body.refreshToken };
}

/** Creates a code with which another device becomes a device of the guest. */
export async function transferCodeOf(test: Pick<TestRun, 'url'>, { token }: SignedIn): Promise<string> {
  const answer = await call(test.url, 'POST', '/api/v1/guests/me/transfer-code', { token });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.transferCode as string;
}
