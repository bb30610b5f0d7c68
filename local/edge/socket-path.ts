import type { Assembly } from '../contract.ts';
import type { DistributionConfig } from './behaviours.ts';

export const directSocketPath = '/ws';

export function socketPathOf(assembly: Assembly): string {
  const [distribution] = assembly.ofType('AWS::CloudFront::Distribution');
  if (distribution === undefined) return directSocketPath;
  const config = distribution.properties['DistributionConfig'] as DistributionConfig;
  const sockets = assembly
    .ofType('AWS::ApiGatewayV2::Api')
    .filter((api) => api.properties['ProtocolType'] === 'WEBSOCKET')
    .map(({ physicalId }) => physicalId);
  const origins = config.Origins.filter(({ DomainName }) => sockets.includes(DomainName.split('.')[0] ?? ''));
  const behaviour = config.CacheBehaviors?.find(({ TargetOriginId }) =>
    origins.some(({ Id }) => Id === TargetOriginId),
  );
  const path = behaviour?.PathPattern?.replaceAll(/[*?]/g, '') ?? directSocketPath;
  return path.startsWith('/') ? path : `/${path}`;
}
