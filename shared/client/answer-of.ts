import type { Route } from '../contract/kit/define-route.ts';
import type { CallRoute, RouteAnswer, RouteRequestArguments } from './http.ts';
import { NetworkError } from './network-error.ts';
import { RefusedError } from './refused-error.ts';

export type Accepted<R extends Route> = Extract<RouteAnswer<R>, { ok: true }>['body'];

const attempts = 3;

/**
 * Calls an idempotent route up to three times, until an answer comes.
 *
 * @throws RefusedError, NetworkError.
 */
export async function answerOf<R extends Route>(
  call: CallRoute,
  route: R,
  ...request: RouteRequestArguments<R>
): Promise<Accepted<R>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await acceptedOnce(call, route, ...request)) as Accepted<R>;
    } catch (error) {
      if (!(error instanceof NetworkError) || attempt >= attempts) throw error;
    }
  }
}

/** @throws RefusedError, NetworkError. */
export async function acceptedOnce<R extends Route>(
  call: CallRoute,
  route: R,
  ...request: RouteRequestArguments<R>
): Promise<Accepted<R>> {
  const answer = await call(route, ...request);
  if (!answer.ok) throw new RefusedError(answer.problem);
  return answer.body as Accepted<R>;
}
