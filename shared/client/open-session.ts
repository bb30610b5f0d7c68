import { createProvidedSession } from './provided-session.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createSession, type LoginRequest, type Session, type SessionOptions } from './session.ts';

export interface OpenSessionOptions extends SessionOptions {
  readonly login?: LoginRequest;
  readonly accessToken?: () => Promise<string>;
}

/**
 * A session by whatever there is: tokens that somebody else keeps, a session of before, or a login.
 *
 * @throws RefusedError if it was refused, NetworkError if nobody answered.
 */
export async function openSession({ accessToken, login, ...options }: OpenSessionOptions): Promise<Session> {
  if (accessToken !== undefined) return createProvidedSession(options, accessToken);
  const session = createSession(options);
  if (session.stored !== undefined) return session;
  if (login === undefined) throw new SessionEndedError();
  const answer = await session.login(login);
  if (!answer.ok) throw new RefusedError(answer.problem);
  return session;
}
