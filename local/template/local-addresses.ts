import type { Assembly } from '../contract.ts';
import { attributeOf, urlSuffix } from './attributes.ts';

export interface LocalAddresses {
  readonly awsUrl: string;
  /** For CloudFront and the HTTP API. */
  readonly publicUrl: string;
  readonly socketUrl: string;
}

/**
 * Replaces AWS addresses. An endpoint that code passes to the SDK overrides the SDK's variables, so it must already be
 * local.
 *
 * - HTTP APIs and CloudFront domains, with or without `https://`: the public address.
 * - `wss://` of a WebSocket API: the socket's address.
 * - `https://` of a WebSocket API: `<awsUrl>/execute-api/<api id>/<stage>`.
 * - Queues: the AWS endpoint.
 */
export function localAddresses(assembly: Assembly, addresses: LocalAddresses): (value: string) => string {
  const socketApis = new Set<string>();
  const httpApis = new Set<string>();
  for (const api of assembly.ofType('AWS::ApiGatewayV2::Api')) {
    (api.properties['ProtocolType'] === 'WEBSOCKET' ? socketApis : httpApis).add(api.physicalId);
  }
  const distributions = new Set(
    assembly
      .ofType('AWS::CloudFront::Distribution')
      .map((distribution) => String(attributeOf({ ...distribution, ...placeless(assembly) }, 'DomainName'))),
  );
  const publicHost = new URL(addresses.publicUrl).host;

  const execute = /(?:(https|wss):\/\/)?([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\/[A-Za-z0-9_$-]+)?/g;
  const queue = new RegExp(`https://sqs\\.[a-z0-9-]+\\.${urlSuffix.replace('.', '\\.')}(?=/\\d{12}/)`, 'g');
  const distribution = /(?:(https|wss):\/\/)?(d[a-z0-9]{13}\.cloudfront\.net)/g;

  return (value) => {
    if (!value.includes(urlSuffix) && !value.includes('.cloudfront.net')) return value;
    return value
      .replaceAll(execute, (whole, scheme: string | undefined, apiId: string, path: string | undefined) => {
        if (socketApis.has(apiId)) {
          if (scheme === 'wss') return addresses.socketUrl;
          return `${addresses.awsUrl}/execute-api/${apiId}${path ?? ''}`;
        }
        if (!httpApis.has(apiId)) return whole;
        return `${scheme === undefined ? publicHost : addresses.publicUrl}${path ?? ''}`;
      })
      .replaceAll(queue, addresses.awsUrl)
      .replaceAll(distribution, (whole, scheme: string | undefined, domain: string) => {
        if (!distributions.has(domain)) return whole;
        if (scheme === undefined) return publicHost;
        return scheme === 'wss' ? addresses.publicUrl.replace(/^http/, 'ws') : addresses.publicUrl;
      });
  };
}

function placeless(assembly: Assembly): { region: string; accountId: string; property: () => undefined } {
  return { region: assembly.region, accountId: assembly.accountId, property: () => undefined };
}
