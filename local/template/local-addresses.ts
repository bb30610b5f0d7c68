import type { Assembly } from '../contract.ts';
import { attributeOf, urlSuffix } from './attributes.ts';

/** Addresses that replace those of AWS. */
export interface LocalAddresses {
  /** `http://127.0.0.1:<port>` of the AWS endpoint. */
  readonly awsUrl: string;
  /** `http://127.0.0.1:<port>`, for CloudFront distributions and the HTTP API. */
  readonly publicUrl: string;
  /** `ws://127.0.0.1:<port>/ws`, for the WebSocket API. */
  readonly socketUrl: string;
}

/**
 * Returns a function that replaces AWS addresses in environment variables and outputs. An endpoint that code passes to
 * the SDK overrides the SDK's environment variables, so the address must already be local.
 *
 * - `https://<HTTP API>.execute-api…` becomes the public address.
 * - `wss://<WebSocket API>.execute-api…/<stage>` becomes the socket's public address.
 * - `https://<WebSocket API>.execute-api…/<stage>` becomes the management API on the AWS endpoint,
 * `<awsUrl>/execute-api/<api id>/<stage>`.
 * - `https://sqs.<region>…/<account>/<queue>` becomes a queue on the AWS endpoint.
 * - The domain of a CloudFront distribution becomes the public address, with or without `https://`.
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
