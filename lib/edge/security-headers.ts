import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { edgeName } from './edge-name.ts';

function contentSecurityPolicyOf(filesOrigin: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    // The API reference sets styles from a script.
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${filesOrigin}`,
    `media-src 'self' blob: ${filesOrigin}`,
    "font-src 'self' data:",
    `connect-src 'self' ${filesOrigin}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** HSTS includes subdomains only if set, because the deployer may use them otherwise. */
function transportOf({ settings: { domain } }: Stage) {
  return {
    accessControlMaxAge: Duration.days(365),
    includeSubdomains: domain === undefined || domain.includeSubdomains,
    override: true,
  };
}

export function pageHeaders(scope: Construct, stage: Stage, filesOrigin: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'PageHeaders', {
    responseHeadersPolicyName: edgeName(stage, 'pages'),
    comment: 'Switchboard: pages and documents',
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicyOf(filesOrigin), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: transportOf(stage),
    },
  });
}

export function apiHeaders(scope: Construct, stage: Stage): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'ApiHeaders', {
    responseHeadersPolicyName: edgeName(stage, 'api'),
    comment: 'Switchboard: API',
    securityHeadersBehavior: {
      contentTypeOptions: { override: true },
      strictTransportSecurity: transportOf(stage),
    },
  });
}
