import { type Route, routeKeys } from '../kit/define-route.ts';

/** The methods of each path, as the header `Allow` lists them. */
export function methodsByPath(routes: readonly Route[]): Readonly<Record<string, string>> {
  const keys = routes.flatMap(routeKeys).map((key) => key.split(' ') as [method: string, path: string]);
  const byPath = Map.groupBy(keys, ([, path]) => path);
  // Literal segments come before parameters, as API Gateway matches them.
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
