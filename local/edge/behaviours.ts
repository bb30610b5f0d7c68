import type { Assembly, Resource } from '../contract.ts';
import type { HttpApi } from '../api/http-api.ts';
import type { WebSocketApi } from '../api/websocket-api.ts';
import { bucketFiles } from './bucket-files.ts';
import type { BucketFiles } from './bucket-files.ts';
import type { EdgeParts } from './edge.ts';
import { forwardingOf } from './forwarding.ts';
import type { Forwarding } from './forwarding.ts';
import { pathPattern } from './path-pattern.ts';
import { responseHeaders } from './response-headers.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { viewerFunction } from './viewer-function.ts';
import type { ViewerFunction } from './viewer-function.ts';

export type Origin = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
} & (
  | { readonly kind: 'http'; readonly api: HttpApi }
  | { readonly kind: 'socket'; readonly api: WebSocketApi }
  | { readonly kind: 'bucket'; readonly files: BucketFiles }
);

export interface Behaviour {
  /** `*` for the default behaviour. */
  readonly pathPattern: string;
  readonly matches: (path: string) => boolean;
  readonly methods: ReadonlySet<string>;
  readonly origin: Origin;
  readonly forwarding: Forwarding;
  readonly viewerRequest: ViewerFunction | undefined;
  readonly viewerResponse: ViewerFunction | undefined;
  readonly responseHeaders: ResponseHeaders;
}

interface BehaviourConfig {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods?: readonly string[];
  readonly OriginRequestPolicyId?: string;
  readonly ResponseHeadersPolicyId?: string;
  readonly FunctionAssociations?: readonly { EventType: string; FunctionARN: string }[];
  readonly LambdaFunctionAssociations?: readonly unknown[];
}

interface OriginConfig {
  readonly Id: string;
  readonly DomainName: string;
  readonly OriginPath?: string;
  readonly OriginCustomHeaders?: readonly { HeaderName: string; HeaderValue: string }[];
}

export interface DistributionConfig {
  readonly DefaultCacheBehavior: BehaviourConfig;
  readonly CacheBehaviors?: readonly BehaviourConfig[];
  readonly Origins: readonly OriginConfig[];
  readonly DefaultRootObject?: string;
  readonly CustomErrorResponses?: readonly {
    ErrorCode: number;
    ResponseCode?: number;
    ResponsePagePath?: string;
  }[];
}

/** The default behaviour is last. */
export function behavioursOf(distribution: Resource, parts: EdgeParts): Behaviour[] {
  const config = distribution.properties['DistributionConfig'] as DistributionConfig;
  const origins = new Map(config.Origins.map((origin) => [origin.Id, originOf(origin, distribution, parts)]));
  return [...(config.CacheBehaviors ?? []), config.DefaultCacheBehavior].map((behaviour) =>
    behaviourOf(behaviour, origins, distribution, parts),
  );
}

function behaviourOf(
  config: BehaviourConfig,
  origins: ReadonlyMap<string, Origin>,
  distribution: Resource,
  { assembly, log }: EdgeParts,
): Behaviour {
  const origin = origins.get(config.TargetOriginId);
  if (origin === undefined) throw new Error(`${distribution.logicalId}: there is no origin ${config.TargetOriginId}.`);
  if (config.LambdaFunctionAssociations?.length) {
    throw new Error(`${distribution.logicalId}: the local run does not support Lambda@Edge.`);
  }
  const expression = config.PathPattern === undefined ? undefined : pathPattern(config.PathPattern);
  const functionFor = (eventType: string): ViewerFunction | undefined => {
    const association = config.FunctionAssociations?.find(({ EventType }) => EventType === eventType);
    return association && viewerFunction(functionResource(assembly, association.FunctionARN), distribution, log);
  };
  return {
    pathPattern: config.PathPattern ?? '*',
    matches: expression === undefined ? () => true : (path) => expression.test(path),
    methods: new Set(config.AllowedMethods ?? ['GET', 'HEAD']),
    origin,
    forwarding: forwardingOf(assembly, config.OriginRequestPolicyId),
    viewerRequest: functionFor('viewer-request'),
    viewerResponse: functionFor('viewer-response'),
    responseHeaders: responseHeaders(assembly, config.ResponseHeadersPolicyId),
  };
}

function functionResource(assembly: Assembly, arn: string): Resource {
  const resource =
    assembly.byArn(arn) ??
    assembly.ofType('AWS::CloudFront::Function').find(({ physicalId }) => arn.endsWith(`function/${physicalId}`));
  if (resource === undefined) throw new Error(`There is no CloudFront function ${arn}.`);
  return resource;
}

function originOf(config: OriginConfig, distribution: Resource, parts: EdgeParts): Origin {
  const { assembly, httpApis, socketApis, mayService, rewrite } = parts;
  const common = {
    path: (config.OriginPath ?? '').replace(/\/$/, ''),
    headers: Object.fromEntries(
      (config.OriginCustomHeaders ?? []).map(({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue]),
    ),
  };
  const [host = ''] = config.DomainName.split('.');
  const api = httpApis.find(({ id }) => id === host);
  if (api !== undefined) return { ...common, kind: 'http', api };
  const socketApi = socketApis.find(({ id }) => id === host);
  if (socketApi !== undefined) return { ...common, kind: 'socket', api: socketApi };
  const bucket = assembly
    .ofType('AWS::S3::Bucket')
    .find(({ physicalId }) => config.DomainName.startsWith(`${physicalId}.s3`));
  if (bucket === undefined) {
    throw new Error(`${distribution.logicalId}: the local run does not support the origin ${config.DomainName}.`);
  }
  const arn = `arn:aws:cloudfront::${assembly.accountId}:distribution/${distribution.physicalId}`;
  const mayList = mayService('cloudfront.amazonaws.com', 's3:ListBucket', bucket.arn ?? '', arn).allowed;
  return { ...common, kind: 'bucket', files: bucketFiles(assembly, bucket.physicalId, rewrite, mayList) };
}
