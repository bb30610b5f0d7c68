import type { Action } from '../../../shared/contract/kit/define-action.ts';
import type { Route } from '../../../shared/contract/kit/define-route.ts';
import { actions, actionsByFunction, routes, routesByFunction } from '../../../shared/contract/registry.ts';

// A new operation does not compile until it is listed.

type AnyRoute = (typeof routesByFunction)[keyof typeof routesByFunction][number];
type AnyAction = (typeof actions)[number];

export type OperationId = AnyRoute['operationId'];
export type RouteOf<Id extends OperationId> = Extract<AnyRoute, { readonly operationId: Id }>;
export type ActionName = AnyAction['action'];
export type ActionOf<Name extends ActionName> = Extract<AnyAction, { readonly action: Name }>;

/** Not encoded. */
export interface OperationRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export const operationIds = routes.map((route) => route.operationId as OperationId);
export const actionNames = actions.map((action) => action.action);

export function routeOf(operationId: OperationId): Route {
  const route = routes.find((route) => route.operationId === operationId);
  if (route === undefined) throw new Error(`The registry has no operation ${operationId}`);
  return route;
}

export function actionOf(name: ActionName): AnyAction {
  const action = actions.find((candidate) => candidate.action === name);
  if (action === undefined) throw new Error(`The registry has no action ${name}`);
  return action;
}

/** Percent-encoded. */
export function pathOf(route: Pick<Route, 'path'>, { params = {}, query = {} }: OperationRequest): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Returns the name without the stage's prefix. */
export function functionServing({ operationId }: Pick<Route, 'operationId'>): string {
  const served = Object.entries(routesByFunction).find(([, group]) =>
    group.some((route) => route.operationId === operationId),
  );
  if (served === undefined) throw new Error(`The registry has no ${operationId}`);
  return served[0];
}

/** Returns the name without the stage's prefix. */
export function functionAnswering({ action }: Pick<Action, 'action'>): string {
  const served = Object.entries(actionsByFunction).find(([, group]) =>
    group.some((candidate) => candidate.action === action),
  );
  if (served === undefined) throw new Error(`The registry has no ${action}`);
  return served[0];
}

export const functionPrefix = 'switchboard-dev-';
