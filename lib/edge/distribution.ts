import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as ViewerFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { edgeHeaders } from '../../shared/core/runtime/config.ts';
import type { Stage } from '../settings.ts';
import { edgeName } from './edge-name.ts';
import { apiHeaders, pageHeaders } from './security-headers.ts';
import { callApi, openSocket, servePage } from './viewer-functions.ts';

export interface DistributionOrigins {
  readonly site: Bucket;
  readonly httpApiHost: string;
  readonly socketApiHost: string;
  readonly socketStage: string;
  readonly originKey: string;
  readonly filesOrigin: string;
}

/** The patterns of documents below `/api/` must come first. */
export const apiPathPatterns = ['/api/*', '/in/*', '/healthz', '/.well-known/*'] as const;
export const documentPaths = ['/api/v1/openapi.json', '/api/v1/asyncapi.json'] as const;
export const socketPath = '/ws';

export function createDistribution(scope: Construct, stage: Stage, origins: DistributionOrigins): Distribution {
  const { domain, webAclArn } = stage.settings;
  const site = siteBehavior(scope, stage, origins);
  const api = apiBehavior(scope, stage, origins);
  const distribution = new Distribution(scope, 'Distribution', {
    comment: stage.prefix,
    defaultBehavior: site,
    // CloudFront uses the first match.
    additionalBehaviors: {
      ...Object.fromEntries(documentPaths.map((path) => [path, site])),
      ...Object.fromEntries(apiPathPatterns.map((pattern) => [pattern, api])),
      [socketPath]: socketBehavior(scope, stage, origins),
    },
    httpVersion: HttpVersion.HTTP2_AND_3,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    ...(domain && {
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    }),
    ...(webAclArn !== undefined && { webAclId: webAclArn }),
  });
  acknowledge(distribution, stage);
  return distribution;
}

function siteBehavior(scope: Construct, stage: Stage, { site, filesOrigin }: DistributionOrigins): BehaviorOptions {
  return {
    // Without the right to list, S3 answers a missing page with 403 instead of 404. The bucket holds no secrets.
    origin: S3BucketOrigin.withOriginAccessControl(site as IBucket, {
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      originAccessControl: new S3OriginAccessControl(scope, 'SiteAccess', {
        originAccessControlName: edgeName(stage, 'site'),
      }),
    }),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    responseHeadersPolicy: pageHeaders(scope, stage, filesOrigin),
    compress: true,
    functionAssociations: [viewerRequest(scope, 'ServePage', stage, 'serve-page', servePage)],
  };
}

function apiBehavior(scope: Construct, stage: Stage, origins: DistributionOrigins): BehaviorOptions {
  return {
    origin: apiOrigin(origins.httpApiHost, origins.originKey),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // API Gateway selects the API by its Host header.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: apiHeaders(scope, stage),
    compress: false,
    functionAssociations: [viewerRequest(scope, 'CallApi', stage, 'call-api', callApi)],
  };
}

function socketBehavior(scope: Construct, stage: Stage, origins: DistributionOrigins): BehaviorOptions {
  return {
    origin: apiOrigin(origins.socketApiHost, origins.originKey, `/${origins.socketStage}`),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // CloudFront forwards the viewer's Sec-WebSocket-* headers.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.websockets.html
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    compress: false,
    functionAssociations: [viewerRequest(scope, 'OpenSocket', stage, 'open-socket', openSocket)],
  };
}

function apiOrigin(host: string, originKey: string, originPath?: string): IOrigin {
  return new HttpOrigin(host, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    // Longer than any integration's timeout, so the API's own answer arrives.
    readTimeout: Duration.seconds(35),
    keepaliveTimeout: Duration.seconds(60),
    customHeaders: { [edgeHeaders.key]: originKey },
    ...(originPath !== undefined && { originPath }),
  });
}

function viewerRequest(scope: Construct, id: string, stage: Stage, name: string, code: string) {
  return {
    eventType: FunctionEventType.VIEWER_REQUEST,
    function: new ViewerFunction(scope, id, {
      functionName: edgeName(stage, name),
      code: FunctionCode.fromInline(code),
      runtime: FunctionRuntime.JS_2_0,
    }),
  };
}

function acknowledge(distribution: Distribution, { settings }: Stage): void {
  const accepted = [
    { id: 'AwsSolutions-CFR1', reason: 'People must be able to use the service from every country' },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        'Logs of full addresses would contain the tokens of /ws?token=. The APIs log every request without its query',
    },
  ];
  if (settings.webAclArn === undefined) {
    accepted.push({
      id: 'AwsSolutions-CFR2',
      reason: 'A web ACL costs money even when idle. The setting webAclArn attaches one',
    });
  }
  if (settings.domain === undefined) {
    accepted.push({
      id: 'AwsSolutions-CFR4',
      reason:
        'CloudFront ignores the minimum with the certificate of *.cloudfront.net. The setting domain enforces TLS 1.2',
    });
  }
  for (const finding of accepted) Validations.of(distribution).acknowledge(finding);
}
