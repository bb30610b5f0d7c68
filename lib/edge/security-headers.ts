import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** Pages bring all that they need with them: no request leaves the origin. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  // The interactive reference sets styles from script.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const transport = {
  accessControlMaxAge: Duration.days(365),
  includeSubdomains: true,
  override: true,
};

/** Headers of pages and documents. */
export function pageHeaders(scope: Construct): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'PageHeaders', {
    comment: 'Switchboard: pages and documents',
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: transport,
    },
  });
}

/** Headers of API answers, which set what else they need themselves. */
export function apiHeaders(scope: Construct): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'ApiHeaders', {
    comment: 'Switchboard: API',
    securityHeadersBehavior: {
      contentTypeOptions: { override: true },
      strictTransportSecurity: transport,
    },
  });
}
