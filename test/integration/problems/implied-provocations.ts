import type { Fault } from '../../../local/fault-plan.ts';
import { routesByFunction } from '../../../shared/contract/registry.ts';
import type {
  bodyProblems,
  failureProblems,
  inputProblems,
  roleProblems,
  sessionProblems,
} from '../../../shared/contract/problems.ts';
import { call, type HttpAnswer, type HttpRequest } from '../raw-client.ts';
import { type OperationId, type OperationRequest, pathOf, routeOf } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import { goodRequests } from './good-requests.ts';
import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

type Implied =
  | (typeof inputProblems)[number]['name']
  | (typeof bodyProblems)[number]['name']
  | (typeof sessionProblems)[number]['name']
  | (typeof roleProblems)[number]['name']
  | (typeof failureProblems)[number]['name'];

/** Sends an operation's request; `raw` replaces all that is sent, the rest what the good request has. */
export async function send(
  stage: Stage,
  operationId: OperationId,
  change: OperationRequest & { readonly by?: Person | undefined; readonly raw?: HttpRequest } = {},
): Promise<HttpAnswer> {
  const route = routeOf(operationId);
  const good = goodRequests[operationId](stage);
  const { by, params, query, body } = { ...good, ...change };
  const request: OperationRequest = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
  };
  return call(stage.test.url, route.method, pathOf(route, request), {
    ...(route.access === 'public' ? {} : { token: by?.token }),
    ...(body === undefined ? {} : { body }),
    ...change.raw,
  });
}

/** The function that serves an operation, by its whole name. */
export function functionOf(operationId: OperationId): string {
  const served = Object.entries(routesByFunction).find(([, group]) =>
    group.some((route) => route.operationId === operationId),
  );
  return `switchboard-dev-${served?.[0] ?? ''}`;
}

/** Every call of the function that serves the operation fails, so that the SDK's repetitions do too. */
async function whileFailing(stage: Stage, operationId: OperationId, fault: Fault): Promise<HttpAnswer> {
  const functionName = functionOf(operationId);
  // What it remembers would spare it the calls.
  await stage.test.run.functions.recycle(functionName);
  return stage.faults.during(
    (planned) => (planned.functionName === functionName ? fault : undefined),
    () => send(stage, operationId),
  );
}

/** How each problem is provoked that operations of a kind have in common. */
export const impliedProvocations: { readonly [Name in Implied]: (operationId: OperationId) => Provocation } = {
  'validation-failed': (operationId) => ({
    provoke: (stage) =>
      send(stage, operationId, { query: { ...goodRequests[operationId](stage).query, 'sur/prise': 'x' } }),
    pointers: ['/query/sur~1prise'],
  }),
  'malformed-json': (operationId) => ({
    provoke: (stage) => send(stage, operationId, { raw: { raw: '{"unfinished": ' } }),
  }),
  'unsupported-media-type': (operationId) => ({
    provoke: (stage) =>
      send(stage, operationId, { raw: { raw: 'key=value', headers: { 'content-type': 'text/plain' } } }),
  }),
  'payload-too-large': (operationId) => ({
    provoke: (stage) => send(stage, operationId, { body: { padding: 'x'.repeat(160 * 1024) } }),
  }),
  unauthenticated: (operationId) => ({ provoke: (stage) => send(stage, operationId, { by: undefined }) }),
  forbidden: (operationId) => ({ provoke: (stage) => send(stage, operationId, { by: stage.guest }) }),
  'internal-error': (operationId) => ({
    provoke: (stage) =>
      whileFailing(stage, operationId, { kind: 'status', status: 400, code: 'AccessDeniedException' }),
  }),
  'service-busy': (operationId) => ({ provoke: (stage) => whileFailing(stage, operationId, { kind: 'throttle' }) }),
};
