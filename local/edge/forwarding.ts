import { namedValues } from '../named-values.ts';
import type { Assembly } from '../contract.ts';

type Selection = { readonly kind: 'all' } | { readonly kind: 'only' | 'allExcept'; readonly names: readonly string[] };

export interface Forwarding {
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly query: Selection;
}

const all: Selection = { kind: 'all' };
const none: Selection = { kind: 'only', names: [] };

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const managedOriginRequestPolicies: Readonly<Record<string, Forwarding>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { headers: all, cookies: all, query: all },
  '33f36d7e-f396-46d9-90e0-52428a34d9dc': { headers: all, cookies: all, query: all },
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': {
    headers: { kind: 'allExcept', names: ['host'] },
    cookies: all,
    query: all,
  },
  '59781a5b-3903-41f3-afcb-af62929ccde1': {
    headers: { kind: 'only', names: ['access-control-request-headers', 'access-control-request-method', 'origin'] },
    cookies: none,
    query: none,
  },
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': {
    headers: { kind: 'only', names: ['access-control-request-headers', 'access-control-request-method', 'origin'] },
    cookies: none,
    query: none,
  },
  'acba4595-bd28-49b8-b9fe-13317c0390fa': {
    headers: { kind: 'only', names: ['referer', 'user-agent'] },
    cookies: none,
    query: none,
  },
};

const always = new Set([
  'accept-encoding',
  'content-length',
  'content-type',
  'sec-websocket-key',
  'sec-websocket-version',
]);

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

interface PolicyPart {
  readonly Headers?: readonly string[];
  readonly Cookies?: readonly string[];
  readonly QueryStrings?: readonly string[];
}

/** Without a policy, CloudFront forwards neither the query nor cookies nor most headers, `Authorization` included. */
export function forwardingOf(assembly: Assembly, policyId: string | undefined): Forwarding {
  if (policyId === undefined) return { headers: none, cookies: none, query: none };
  const managed = managedOriginRequestPolicies[policyId];
  if (managed !== undefined) return managed;
  const policy = assembly
    .ofType('AWS::CloudFront::OriginRequestPolicy')
    .find((resource) => resource.physicalId === policyId);
  if (policy === undefined) throw new Error(`The local run does not support the origin request policy ${policyId}.`);
  const { HeadersConfig, CookiesConfig, QueryStringsConfig } = policy.properties['OriginRequestPolicyConfig'] as {
    HeadersConfig: PolicyPart & { HeaderBehavior: string };
    CookiesConfig: PolicyPart & { CookieBehavior: string };
    QueryStringsConfig: PolicyPart & { QueryStringBehavior: string };
  };
  return {
    headers: selection(HeadersConfig.HeaderBehavior, lower(HeadersConfig.Headers)),
    cookies: selection(CookiesConfig.CookieBehavior, CookiesConfig.Cookies ?? []),
    query: selection(QueryStringsConfig.QueryStringBehavior, QueryStringsConfig.QueryStrings ?? []),
  };
}

/** Keeps `host` only if the behaviour forwards it. */
export function forward(
  forwarding: Forwarding,
  request: { readonly headers: Readonly<Record<string, string>>; readonly query: string },
): { headers: Record<string, string>; query: string } {
  const headers = namedValues<string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (hopByHop.has(name) || name === 'cookie') continue;
    if (selects(forwarding.headers, name) || always.has(name)) headers[name] = value;
  }
  headers['user-agent'] ??= 'Amazon CloudFront';
  const cookies = (request.headers['cookie']?.split(/; */) ?? []).filter((cookie) =>
    selects(forwarding.cookies, cookie.split('=')[0] ?? ''),
  );
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  if (forwarding.query.kind === 'all') return { headers, query: request.query };
  const pairs = request.query.split('&').filter((pair) => selects(forwarding.query, pair.split('=')[0] ?? ''));
  return { headers, query: pairs.join('&') };
}

function selects(chosen: Selection, name: string): boolean {
  if (chosen.kind === 'all') return true;
  return chosen.names.includes(name) === (chosen.kind === 'only');
}

function selection(behaviour: string, names: readonly string[]): Selection {
  switch (behaviour) {
    case 'all':
    case 'allViewer':
    case 'allViewerAndWhitelistCloudFront':
      return all;
    case 'whitelist':
      return { kind: 'only', names };
    case 'allExcept':
      return { kind: 'allExcept', names };
    default:
      return none;
  }
}

function lower(names: readonly string[] | undefined): string[] {
  return (names ?? []).map((name) => name.toLowerCase());
}
