import type { Route } from '../../../shared/contract/kit/define-route.ts';
import { call, type HttpAnswer, type HttpRequest } from '../raw-client.ts';
import { functionPrefix, functionServing, type OperationRequest, pathOf } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import type { ProvokedOperation } from './provocation.ts';
import type { Stage } from './stage.ts';

export interface GoodRequest extends OperationRequest {
  readonly by: Person;
  /** Of an operation whose body is signed. */
  readonly raw?: HttpRequest;
}

/** `raw` replaces the body and the headers. */
export interface RequestChange extends OperationRequest {
  readonly by?: Person | undefined;
  readonly raw?: HttpRequest;
}

export async function sendRequest(
  { test }: Pick<Stage, 'test'>,
  route: Route,
  { by, params, query, body, raw }: RequestChange,
): Promise<HttpAnswer> {
  const request: OperationRequest = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
  };
  return call(test.url, route.method, pathOf(route, request), {
    ...(route.access === 'public' ? {} : { token: by?.token }),
    ...(body === undefined ? {} : { body }),
    ...raw,
  });
}

interface ServedOperation {
  readonly route: Route;
  readonly goodRequest: (stage: Stage) => GoodRequest;
}

export function provoked({ route, goodRequest }: ServedOperation, stage: Stage): ProvokedOperation {
  return {
    send: (change = {}) => sendRequest(stage, route, { ...goodRequest(stage), ...change }),
    functionName: functionPrefix + functionServing(route),
  };
}
