import { isPublicAddress, parseAddress } from './address-rules.ts';

export interface UrlPolicy {
  readonly ports: readonly number[];
  /** Host names of the deployment itself. */
  readonly ownHosts: readonly string[];
}

export const defaultPorts: readonly number[] = [443, 8443];

export type UrlFlaw = 'not-a-url' | 'not-https' | 'credentials' | 'port' | 'private-host' | 'own-host';

/** Ends with a sentence's verb and object: “/url must …”. */
export const flawTexts: Readonly<Record<UrlFlaw, string>> = {
  'not-a-url': 'must be an absolute URL',
  'not-https': 'must begin with https://',
  credentials: 'must not contain a user name or password',
  port: 'must use port 443 or 8443',
  'private-host': 'must name a public host',
  'own-host': 'must not name this service',
};

const longestUrl = 2048;

/** Names that resolve only inside of a network, or only on one machine. */
const privateSuffixes: readonly string[] = [
  'localhost',
  'internal',
  'local',
  'localdomain',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'in-addr.arpa',
  'ip6.arpa',
  'onion',
];

/** Endpoints of AWS's own services. Customers' APIs and load balancers have names below these labels. */
const awsSuffixes: readonly string[] = ['amazonaws.com', 'amazonaws.com.cn', 'api.aws'];
const customerLabels: readonly string[] = ['execute-api', 'elb', 'compute', 'compute-1'];

/** Judges the name only: the addresses that it resolves to are judged at every call. */
export function judgeUrl(text: string, policy: UrlPolicy): URL | UrlFlaw {
  if (text.length > longestUrl || !URL.canParse(text)) return 'not-a-url';
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'not-https';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (!policy.ports.includes(portOf(url))) return 'port';
  const host = hostOf(url);
  if (policy.ownHosts.includes(host)) return 'own-host';
  return isPublicHost(host) ? url : 'private-host';
}

/** Lower case, without the brackets of an IPv6 address. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

export function portOf({ port }: Pick<URL, 'port'>): number {
  return port === '' ? 443 : Number(port);
}

export function isIpLiteral(host: string): boolean {
  return parseAddress(host) !== undefined;
}

function isPublicHost(host: string): boolean {
  if (isIpLiteral(host)) return isPublicAddress(host);
  // Also refuses names with a dot at the end, which no certificate has.
  if (!/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*$/.test(host)) return false;
  if (privateSuffixes.some((suffix) => isBelow(host, suffix))) return false;
  const isOfAws = awsSuffixes.some((suffix) => isBelow(host, suffix));
  return !isOfAws || host.split('.').some((label) => customerLabels.includes(label));
}

function isBelow(host: string, suffix: string): boolean {
  return host === suffix || host.endsWith(`.${suffix}`);
}
