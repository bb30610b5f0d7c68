import { createContext, runInContext } from 'node:vm';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { callApi, openSocket, servePage } from '../../lib/edge/viewer-functions.ts';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { everySetting } from './project-context.ts';
import { asText, prepareStage, type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('dev');
const owned = synthesiseStage('prod', everySetting);

interface Behaviour {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly CachePolicyId: string;
  readonly OriginRequestPolicyId?: string;
  readonly ViewerProtocolPolicy: string;
  readonly ResponseHeadersPolicyId?: unknown;
}
interface Origin {
  readonly Id: string;
  readonly DomainName: unknown;
  readonly OriginPath?: string;
  readonly OriginCustomHeaders?: { readonly HeaderName: string; readonly HeaderValue: unknown }[];
}
interface DistributionConfig {
  readonly CacheBehaviors: Behaviour[];
  readonly DefaultCacheBehavior: Behaviour;
  readonly Origins: Origin[];
}

function distributionOf({ templates }: typeof stage): DistributionConfig & Record<string, unknown> {
  const [distribution] = Object.values(templates.edge.findResources('AWS::CloudFront::Distribution')) as Resource[];
  return distribution?.Properties['DistributionConfig'] as DistributionConfig & Record<string, unknown>;
}

const distribution = distributionOf(stage);
const originOf = (behaviour: Behaviour | undefined) =>
  distribution.Origins.find((origin) => origin.Id === behaviour?.TargetOriginId);
const behaviourOf = (pattern: string) => distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);

describe('the distribution', () => {
  it('matches the paths of documents before those of the API', () => {
    expect(distribution.CacheBehaviors.map((behaviour) => behaviour.PathPattern)).toEqual([
      '/api/v1/openapi.json',
      '/api/v1/asyncapi.json',
      '/api/*',
      '/in/*',
      '/healthz',
      '/.well-known/*',
      '/ws',
    ]);
  });

  it('serves pages and documents from the bucket', () => {
    for (const behaviour of [distribution.DefaultCacheBehavior, behaviourOf('/api/v1/openapi.json')]) {
      expect(asText(originOf(behaviour)?.DomainName)).toContain('Site');
      expect(behaviour?.ResponseHeadersPolicyId).toBeDefined();
    }
  });

  it('forwards API requests without caching, with all headers except the host', () => {
    for (const pattern of ['/api/*', '/in/*', '/healthz', '/.well-known/*', '/ws']) {
      expect(behaviourOf(pattern)).toMatchObject({
        // CachingDisabled and AllViewerExceptHostHeader:
        // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'https-only',
      });
    }
    expect(asText(originOf(behaviourOf('/api/*'))?.DomainName)).toContain('HttpApi');
  });

  it('forwards sockets to the stage of the WebSocket API', () => {
    const origin = originOf(behaviourOf('/ws'));
    expect(asText(origin?.DomainName)).toContain('SocketApi');
    expect(origin?.OriginPath).toBe(`/${stage.stacks.edge.socketStage}`);
  });

  it('sends its key to the APIs only', () => {
    for (const origin of distribution.Origins) {
      const isApi = asText(origin.DomainName).includes('execute-api');
      expect(origin.OriginCustomHeaders?.map((header) => header.HeaderName) ?? []).toEqual(
        isApi ? ['x-origin-key'] : [],
      );
    }
  });

  it('has the stage’s domain and web ACL, and the TLS policy of 2021', () => {
    expect(distributionOf(owned)).toMatchObject({
      Aliases: ['chat.example.org'],
      ViewerCertificate: {
        AcmCertificateArn: everySetting.domain.certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
      WebACLId: everySetting.webAclArn,
    });
    for (const type of ['A', 'AAAA']) {
      owned.templates.edge.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'chat.example.org.', Type: type });
    }
    owned.templates.edge.hasOutput('Url', { Value: 'https://chat.example.org' });
    owned.templates.edge.hasOutput('SocketUrl', { Value: 'wss://chat.example.org/ws' });
  });
});

describe('the bucket of the site', () => {
  it('is closed to the public and to unencrypted connections', () => {
    stage.templates.edge.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    stage.templates.edge.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: Match.objectLike({ 'AWS:SourceArn': Match.anyValue() }) },
          }),
        ]),
      },
    });
  });

  it('is emptied at the removal of the stack', () => {
    stage.templates.edge.hasResourceProperties('Custom::CDKBucketDeployment', { RetainOnDelete: false, Prune: true });
  });

  it('receives its files without waiting for the invalidation of the distribution', () => {
    stage.templates.edge.hasResourceProperties('Custom::CDKBucketDeployment', {
      WaitForDistributionInvalidation: false,
    });
  });
});

describe('the web ACL', () => {
  const [acl] = Object.values(
    Template.fromStack(owned.app.node.findChild('web-acl') as Stack).findResources('AWS::WAFv2::WebACL'),
  ) as Resource[];
  const rules = acl?.Properties['Rules'] as {
    readonly Name: string;
    readonly Statement: {
      readonly RateBasedStatement?: {
        readonly Limit: number;
        readonly ScopeDownStatement?: { readonly ByteMatchStatement: { readonly SearchString: string } };
      };
      readonly ManagedRuleGroupStatement?: { readonly Name: string };
    };
    readonly OverrideAction?: unknown;
    readonly Action?: { readonly Block: { readonly CustomResponse: { readonly ResponseCode: number } } };
  }[];

  it('is created only for a stage with the setting, in the only region that CloudFront supports', () => {
    expect(stage.app.node.tryFindChild('web-acl')).toBeUndefined();
    expect((owned.app.node.findChild('web-acl') as Stack).region).toBe('us-east-1');
    expect(acl?.Properties).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
  });

  it('has a different name for a stage of the same name in another region', () => {
    const namesIn = (region: string) => {
      const { app } = prepareStage('dev', { ...everySetting, region });
      const stack = app.node.findChild('web-acl') as Stack;
      const [web] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL')) as Resource[];
      return [stack.stackName, web?.Properties['Name']];
    };
    expect(namesIn('eu-west-1')).toEqual(Array(2).fill('switchboard-dev-eu-west-1-web-acl'));
    expect(namesIn('eu-north-1')).toEqual(Array(2).fill('switchboard-dev-eu-north-1-web-acl'));
  });

  it('limits each address on all auth routes and on all paths', () => {
    const rates = rules.flatMap(({ Statement: { RateBasedStatement: rate } }) => (rate ? [rate] : []));
    expect(rates).toMatchObject([
      { Limit: 300, AggregateKeyType: 'IP', EvaluationWindowSec: 60 },
      { Limit: 3000, AggregateKeyType: 'IP', EvaluationWindowSec: 60 },
    ]);
    const prefix = rates[0]?.ScopeDownStatement?.ByteMatchStatement.SearchString ?? 'none';
    for (const [name, routes] of Object.entries(routesByFunction)) {
      for (const { path } of routes) expect(path.startsWith(prefix), path).toBe(name === 'auth');
    }
    expect(rates[1]).not.toHaveProperty('ScopeDownStatement');
  });

  it('answers an address over its limit with 429 and the time to wait', () => {
    for (const { Action: action } of rules.filter(({ Statement: { RateBasedStatement: rate } }) => rate)) {
      expect(action?.Block.CustomResponse).toMatchObject({
        ResponseCode: 429,
        ResponseHeaders: [{ Name: 'retry-after', Value: '60' }],
      });
    }
  });

  it('does not inspect bodies, because messages may contain any text', () => {
    const managed = rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }) => (group ? [group.Name] : []));
    expect(managed).toEqual(['AWSManagedRulesAmazonIpReputationList']);
  });
});

describe('the policy for headers of pages', () => {
  it('allows pages to upload and download attachments, and to run only scripts of their origin', () => {
    const [policy] = (
      Object.values(stage.templates.edge.findResources('AWS::CloudFront::ResponseHeadersPolicy')) as Resource[]
    ).flatMap(({ Properties }) => {
      const config = Properties['ResponseHeadersPolicyConfig'] as {
        SecurityHeadersConfig: { ContentSecurityPolicy?: { ContentSecurityPolicy: unknown } };
      };
      const { ContentSecurityPolicy: found } = config.SecurityHeadersConfig;
      return found ? [asText(found.ContentSecurityPolicy)] : [];
    });
    for (const directive of ['connect-src', 'img-src', 'media-src']) {
      expect(policy).toMatch(new RegExp(`${directive} 'self'[^;]* https://[^;]*Files[^;]*\\.s3\\.eu-central-1\\.`));
    }
    expect(policy).toContain("default-src 'self';");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('*');
  });

  it('applies HSTS to subdomains of the deployer’s domain only if the stage enables it', () => {
    const transports = ({ templates }: typeof stage) =>
      Object.values(templates.edge.findResources('AWS::CloudFront::ResponseHeadersPolicy')).map((policy) => {
        const { ResponseHeadersPolicyConfig: config } = (policy as Resource).Properties as {
          ResponseHeadersPolicyConfig: {
            SecurityHeadersConfig: { StrictTransportSecurity: { IncludeSubdomains: boolean } };
          };
        };
        return config.SecurityHeadersConfig.StrictTransportSecurity.IncludeSubdomains;
      });
    const { includeSubdomains: _, ...domain } = everySetting.domain;
    expect(transports(synthesiseStage('dev', { domain }))).toEqual([false, false]);
    expect(transports(owned)).toEqual([true, true]);
  });

  it('restricts scripts, frames and content types', () => {
    stage.templates.edge.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: Match.anyValue(), Override: true },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY' },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, IncludeSubdomains: true },
        },
      },
    });
  });
});

describe('a viewer’s request', () => {
  interface ViewerRequest {
    uri: string;
    headers: Record<string, { value: string }>;
  }

  function run(code: string, uri: string, headers: ViewerRequest['headers'] = {}): ViewerRequest {
    const context = createContext({ event: { request: { uri, headers }, viewer: { ip: '203.0.113.7' } } });
    return runInContext(`${code}; handler(event)`, context) as ViewerRequest;
  }

  it('is rewritten from a folder to its page', () => {
    const expected = {
      '/': '/index.html',
      '/docs': '/docs/index.html',
      '/docs/': '/docs/index.html',
      '/reference': '/reference/index.html',
      '/favicon.svg': '/favicon.svg',
      '/api/v1/openapi.json': '/api/v1/openapi.json',
    };
    for (const [path, served] of Object.entries(expected)) expect(run(servePage, path).uri).toBe(served);
  });

  it('is rewritten from the socket path to the root of the stage', () => {
    expect(run(openSocket, '/ws').uri).toBe('/');
  });

  it('always has credentials, because API Gateway rejects requests without them', () => {
    const sent = (headers: ViewerRequest['headers']) =>
      run(callApi, '/api/v1/users/me', headers).headers['authorization'];
    expect(sent({})).toEqual({ value: 'none' });
    expect(sent({ authorization: { value: '' } })).toEqual({ value: 'none' });
    expect(sent({ authorization: { value: 'Bearer token' } })).toEqual({ value: 'Bearer token' });
  });

  it('has the caller’s true address, whatever the caller claims', () => {
    const claimed = { 'x-viewer-address': { value: '198.51.100.1' } };
    for (const code of [callApi, openSocket]) {
      expect(run(code, '/api/v1/auth/login', { ...claimed }).headers['x-viewer-address']).toEqual({
        value: '203.0.113.7',
      });
    }
    expect(run(callApi, '/api/v1/auth/login').uri).toBe('/api/v1/auth/login');
  });
});
