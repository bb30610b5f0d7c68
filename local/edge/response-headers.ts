import type { ApiResponse } from '../api/exchange.ts';
import type { Assembly } from '../contract.ts';

/** Without `override`, the origin's value wins. */
interface PolicyHeader {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

interface HeadersConfig {
  readonly SecurityHeadersConfig?: {
    readonly ContentSecurityPolicy?: { ContentSecurityPolicy: string; Override: boolean };
    readonly ContentTypeOptions?: { Override: boolean };
    readonly FrameOptions?: { FrameOption: string; Override: boolean };
    readonly ReferrerPolicy?: { ReferrerPolicy: string; Override: boolean };
    readonly StrictTransportSecurity?: {
      AccessControlMaxAgeSec: number;
      IncludeSubdomains?: boolean;
      Preload?: boolean;
      Override: boolean;
    };
    readonly XSSProtection?: { Protection: boolean; ModeBlock?: boolean; Override: boolean };
  };
  readonly CustomHeadersConfig?: { Items?: readonly { Header: string; Value: string; Override: boolean }[] };
  readonly RemoveHeadersConfig?: { Items?: readonly { Header: string }[] };
}

const managedSecurityHeaders = '67f7725c-6f97-4210-82d7-5512b31e9d03';

export type ResponseHeaders = (response: ApiResponse) => ApiResponse;

export function responseHeaders(assembly: Assembly, policyId: string | undefined): ResponseHeaders {
  if (policyId === undefined) return (response) => response;
  const resource = assembly
    .ofType('AWS::CloudFront::ResponseHeadersPolicy')
    .find((candidate) => candidate.physicalId === policyId);
  if (resource === undefined && policyId !== managedSecurityHeaders) {
    throw new Error(`The local run does not support the response headers policy ${policyId}.`);
  }
  const config = (resource?.properties['ResponseHeadersPolicyConfig'] ?? managedConfig) as HeadersConfig & {
    readonly CorsConfig?: unknown;
  };
  if (config.CorsConfig !== undefined) {
    throw new Error(`${resource?.logicalId}: the local run does not support CorsConfig of a response headers policy.`);
  }
  const set = [...securityHeaders(config), ...customHeaders(config)];
  const removed = new Set((config.RemoveHeadersConfig?.Items ?? []).map(({ Header }) => Header.toLowerCase()));
  return (response) => {
    const present = new Set(response.headers.map(([name]) => name));
    const added = set.filter(({ name, override }) => override || !present.has(name));
    const replaced = new Set(added.map(({ name }) => name));
    const kept = response.headers.filter(([name]) => !replaced.has(name) && !removed.has(name));
    return { ...response, headers: [...kept, ...added.map(({ name, value }) => [name, value] as const)] };
  };
}

function securityHeaders({ SecurityHeadersConfig: security }: HeadersConfig): PolicyHeader[] {
  const headers: PolicyHeader[] = [];
  const add = (name: string, value: string, override: boolean): void => void headers.push({ name, value, override });
  if (security?.ContentSecurityPolicy) {
    const { ContentSecurityPolicy, Override } = security.ContentSecurityPolicy;
    add('content-security-policy', ContentSecurityPolicy, Override);
  }
  if (security?.ContentTypeOptions) add('x-content-type-options', 'nosniff', security.ContentTypeOptions.Override);
  if (security?.FrameOptions) add('x-frame-options', security.FrameOptions.FrameOption, security.FrameOptions.Override);
  if (security?.ReferrerPolicy) {
    add('referrer-policy', security.ReferrerPolicy.ReferrerPolicy, security.ReferrerPolicy.Override);
  }
  if (security?.StrictTransportSecurity) {
    const { AccessControlMaxAgeSec, IncludeSubdomains, Preload, Override } = security.StrictTransportSecurity;
    const parts = [`max-age=${AccessControlMaxAgeSec}`];
    if (IncludeSubdomains === true) parts.push('includeSubDomains');
    if (Preload === true) parts.push('preload');
    add('strict-transport-security', parts.join('; '), Override);
  }
  if (security?.XSSProtection) {
    const { Protection, ModeBlock, Override } = security.XSSProtection;
    add('x-xss-protection', Protection ? `1${ModeBlock === true ? '; mode=block' : ''}` : '0', Override);
  }
  return headers;
}

function customHeaders({ CustomHeadersConfig }: HeadersConfig): PolicyHeader[] {
  return (CustomHeadersConfig?.Items ?? []).map(({ Header, Value, Override }) => ({
    name: Header.toLowerCase(),
    value: Value,
    override: Override,
  }));
}

const managedConfig: HeadersConfig = {
  SecurityHeadersConfig: {
    ContentTypeOptions: { Override: true },
    FrameOptions: { FrameOption: 'SAMEORIGIN', Override: false },
    ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: false },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: false },
    XSSProtection: { Protection: true, ModeBlock: true, Override: false },
  },
};
