import type { Route } from '../../../shared/contract/kit/define-route.ts';
import { actions, routes, type routesByFunction } from '../../../shared/contract/registry.ts';

/** The contract's operations as the system tests address them: by name, so that a new one does not compile unnoticed. */

type AnyRoute = (typeof routesByFunction)[keyof typeof routesByFunction][number];
type AnyAction = (typeof actions)[number];

export type OperationId = AnyRoute['operationId'];
export type RouteOf<Id extends OperationId> = Extract<AnyRoute, { readonly operationId: Id }>;
export type ActionName = AnyAction['action'];
export type ActionOf<Name extends ActionName> = Extract<AnyAction, { readonly action: Name }>;

/** What a request carries besides its route. Values are as they are, not encoded. */
export interface OperationRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export const operationIds = routes.map((route) => route.operationId as OperationId);
export const actionNames = actions.map((action) => action.action);

export function routeOf(operationId: OperationId): Route {
  const route = routes.find((one) => one.operationId === operationId);
  if (route === undefined) throw new Error(`The registry has no ${operationId}`);
  return route;
}

export function actionOf(name: ActionName): AnyAction {
  const action = actions.find((one) => one.action === name);
  if (action === undefined) throw new Error(`The registry has no ${name}`);
  return action;
}

/** Path and query of a request, with every value percent-encoded. */
export function pathOf(route: Pick<Route, 'path'>, { params = {}, query = {} }: OperationRequest): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}
