import { BoundedMap } from '../runtime/bounded-map.ts';
import { config } from '../runtime/config.ts';

/** By the name that signatures and host names use. The value is the SDK's name in environment variables. */
const variables = {
  dynamodb: 'DYNAMODB',
  events: 'EVENTBRIDGE',
  'execute-api': 'APIGATEWAYMANAGEMENTAPI',
  kms: 'KMS',
  sns: 'SNS',
  sts: 'STS',
} as const;

export type Service = keyof typeof variables;

export interface Endpoint {
  readonly isEncrypted: boolean;
  readonly hostname: string;
  /** Undefined for the protocol's own. */
  readonly port: string | undefined;
  /** The `host` header. */
  readonly host: string;
  /** Without a slash at its end. */
  readonly path: string;
}

/**
 * `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`, then the host of the service in the function's region.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export function endpointOf(service: Service): Endpoint {
  return parsedEndpoint(config.endpointUrl(variables[service]) ?? regionalUrl(service, config.region));
}

function regionalUrl(service: Service, region: string): string {
  return `https://${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
}

const parsed = new BoundedMap<Endpoint>(20);

export function parsedEndpoint(url: string): Endpoint {
  const cached = parsed.get(url);
  if (cached !== undefined) return cached;
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const endpoint: Endpoint = {
    isEncrypted: protocol === 'https:',
    // Node's sockets take IPv6 addresses without brackets.
    hostname: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? undefined : port,
    host,
    path: pathname.replace(/\/$/, ''),
  };
  parsed.set(url, endpoint);
  return endpoint;
}
