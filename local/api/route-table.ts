export interface RouteMatch<Route> {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

interface Node<Route> {
  readonly literal: Map<string, Node<Route>>;
  variable: Node<Route> | undefined;
  readonly routes: Map<string, Leaf<Route>>;
  readonly greedy: Map<string, Leaf<Route>>;
}

interface Leaf<Route> {
  readonly route: Route;
  readonly names: readonly string[];
}

/**
 * The most specific route wins: a full match, then a greedy variable (`{proxy+}`), then `$default`. Literal segments
 * win over variables, a method over `ANY`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable<Route> {
  readonly #root: Node<Route> = emptyNode();
  #fallback: Route | undefined;

  add(routeKey: string, route: Route): void {
    if (routeKey === '$default') {
      this.#fallback = route;
      return;
    }
    const [method, path] = routeKey.split(' ');
    if (method === undefined || path === undefined) throw new Error(`"${routeKey}" is not a route key of an HTTP API.`);
    const names: string[] = [];
    let node = this.#root;
    for (const segment of path === '/' ? [] : path.slice(1).split('/')) {
      if (segment.startsWith('{') && segment.endsWith('+}')) {
        node.greedy.set(method, { route, names: [...names, segment.slice(1, -2)] });
        return;
      }
      node = segment.startsWith('{') ? variableOf(node) : literalOf(node, segment);
      if (segment.startsWith('{')) names.push(segment.slice(1, -1));
    }
    node.routes.set(method, { route, names });
  }

  /**
   * `path` is percent-encoded.
   *
   * @throws URIError for a path that cannot be decoded.
   */
  match(method: string, path: string): RouteMatch<Route> | undefined {
    const segments = path === '/' ? [] : path.slice(1).split('/').map(decodeURIComponent);
    const found = full(this.#root, method, segments, 0, []) ?? greedy(this.#root, method, segments, 0, []) ?? undefined;
    if (found !== undefined) return found;
    return this.#fallback === undefined ? undefined : { route: this.#fallback, parameters: undefined };
  }
}

function full<Route>(
  node: Node<Route>,
  method: string,
  segments: readonly string[],
  at: number,
  values: readonly string[],
): RouteMatch<Route> | undefined {
  const segment = segments[at];
  if (segment === undefined) return leafMatch(node.routes, method, values);
  const literal = node.literal.get(segment);
  const found = literal && full(literal, method, segments, at + 1, values);
  if (found !== undefined) return found;
  if (node.variable === undefined || segment === '') return undefined;
  return full(node.variable, method, segments, at + 1, [...values, segment]);
}

function greedy<Route>(
  node: Node<Route>,
  method: string,
  segments: readonly string[],
  at: number,
  values: readonly string[],
): RouteMatch<Route> | undefined {
  const segment = segments[at];
  if (segment === undefined) return undefined;
  const literal = node.literal.get(segment);
  const deeper =
    (literal && greedy(literal, method, segments, at + 1, values)) ??
    (node.variable && segment !== ''
      ? greedy(node.variable, method, segments, at + 1, [...values, segment])
      : undefined);
  return deeper ?? leafMatch(node.greedy, method, [...values, segments.slice(at).join('/')]);
}

function leafMatch<Route>(
  leaves: ReadonlyMap<string, Leaf<Route>>,
  method: string,
  values: readonly string[],
): RouteMatch<Route> | undefined {
  const leaf = leaves.get(method) ?? leaves.get('ANY');
  if (leaf === undefined) return undefined;
  if (leaf.names.length === 0) return { route: leaf.route, parameters: undefined };
  return {
    route: leaf.route,
    parameters: Object.fromEntries(leaf.names.map((name, index) => [name, values[index] ?? ''])),
  };
}

function emptyNode<Route>(): Node<Route> {
  return { literal: new Map(), variable: undefined, routes: new Map(), greedy: new Map() };
}

function variableOf<Route>(node: Node<Route>): Node<Route> {
  node.variable ??= emptyNode();
  return node.variable;
}

function literalOf<Route>(node: Node<Route>, segment: string): Node<Route> {
  const existing = node.literal.get(segment);
  if (existing !== undefined) return existing;
  const created = emptyNode<Route>();
  node.literal.set(segment, created);
  return created;
}
