import { type Route, routeKeys } from '../kit/define-route.ts';

export function methodsByPath(routes: readonly Route[]): Readonly<Record<string, string>> {
  const keys = routes.flatMap(routeKeys).map((key) => key.split(' ') as [method: string, path: string]);
  const byPath = Map.groupBy(keys, ([, path]) => path);
  // API Gateway matches literal segments before parameters.
  return Object.fromEntries(
    [...byPath].sort().map(([path, entries]) => [
      path,
      entries
        .map(([method]) => method)
        .sort()
        .join(', '),
    ]),
  );
}
