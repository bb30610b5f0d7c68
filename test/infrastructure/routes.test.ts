import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { apiPathPatterns, documentPaths } from '../../lib/edge/distribution.ts';
import { routeKey, routeKeys } from '../../shared/contract/kit/define-route.ts';
import { routes, routesByFunction } from '../../shared/contract/registry.ts';
import { everySetting } from './project-context.ts';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('dev');
const templates = [stage.templates.api, stage.templates.routes];
const resources = (type: string) => templates.flatMap((one) => Object.values(one.findResources(type)) as Resource[]);
const byLogicalId = (id: string) =>
  templates.map((one) => (one.toJSON() as { Resources: Record<string, Resource> }).Resources[id]).find(Boolean);
const isSocketRoute = (route: Resource) => asText(route.Properties['ApiId']).toLowerCase().includes('socket');
const allRoutes = resources('AWS::ApiGatewayV2::Route');
const httpRoutes = allRoutes.filter((route) => !isSocketRoute(route));
const socketRoutes = allRoutes.filter(isSocketRoute);

function functionBehind(route: Resource | undefined): string {
  const target = route?.Properties['Target'] as { 'Fn::Join': [string, [string, { Ref: string }]] };
  const integration = byLogicalId(target['Fn::Join'][1][1].Ref);
  const uri = asText(integration?.Properties['IntegrationUri']);
  const [, functionId] = /"Fn::GetAtt":\["([^"]+)","Arn"\]/.exec(uri) ?? [];
  // Another stack names the function.
  if (functionId === undefined) return /:function:switchboard-dev-([a-z-]+)"/.exec(uri)?.[1] ?? '';
  return String(byLogicalId(functionId ?? '')?.Properties['FunctionName']).replace('switchboard-dev-', '');
}

function routeOf(key: string): Resource | undefined {
  return (key.startsWith('$') ? socketRoutes : httpRoutes).find((route) => route.Properties['RouteKey'] === key);
}

function authorizerOf(route: Resource | undefined): Resource | undefined {
  const reference = route?.Properties['AuthorizerId'] as { Ref: string } | undefined;
  return reference && byLogicalId(reference.Ref);
}

describe('the HTTP API', () => {
  it('has exactly the routes of the contract', () => {
    const keys = httpRoutes.map((route) => route.Properties['RouteKey']);
    expect(keys.sort()).toEqual(['$default', ...routes.flatMap(routeKeys).sort()]);
  });

  it('answers requests without a route with a problem document, for any caller', () => {
    const fallback = httpRoutes.find((route) => route.Properties['RouteKey'] === '$default');
    expect(functionBehind(fallback)).toBe('health');
    expect(fallback?.Properties['AuthorizationType']).toBe('NONE');
  });

  it('sends each route to the function that the contract names', () => {
    for (const [name, served] of Object.entries(routesByFunction)) {
      for (const key of served.flatMap(routeKeys)) expect(functionBehind(routeOf(key))).toBe(name);
    }
  });

  it('authorises every route except those that the contract declares public', () => {
    for (const route of routes) {
      for (const key of routeKeys(route)) {
        const created = routeOf(key);
        expect(created?.Properties['AuthorizationType'], key).toBe(route.access === 'public' ? 'NONE' : 'CUSTOM');
        expect(authorizerOf(created)?.Properties['Name']).toBe(route.access === 'public' ? undefined : 'access-token');
      }
    }
  });

  it('stays below the quota of 300 routes', () => {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    expect(httpRoutes.length).toBeLessThanOrEqual(250);
  });

  it('leaves room for 250 routes and 40 functions in the stacks that contain them, which may have 500 resources', () => {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    const sizeOf = (template: Template) => Object.keys((template.toJSON() as { Resources: object }).Resources).length;
    const functions = Object.keys(stage.templates.api.findResources('AWS::Lambda::Function')).length;
    const { api, routes: ofRoutes } = stage.templates;
    const perFunction = Math.ceil(sizeOf(api) / functions);
    expect(sizeOf(api) + perFunction * (40 - functions)).toBeLessThanOrEqual(400);
    const perIntegration = 2;
    expect(sizeOf(ofRoutes) + (250 - httpRoutes.length) + perIntegration * (40 - functions)).toBeLessThanOrEqual(400);
  });

  it('names functions that the stage has, and imports none of them', () => {
    const names = stage.ofType('AWS::Lambda::Function');
    const existing = Object.values(names).map(({ Properties }) => Properties['FunctionName']);
    const routing = asText(stage.templates.routes.toJSON());
    const named = new Set([...routing.matchAll(/:function:(switchboard-dev-[a-z-]+)/g)].map(([, name]) => name));
    expect(named.size).toBeGreaterThan(Object.keys(routesByFunction).length);
    for (const name of named) expect(existing).toContain(name);
    expect(routing).not.toMatch(/ImportValue":"switchboard-dev-api/);
  });

  it('calls the authorizer again after 5 seconds, so that a revoked session ends', () => {
    expect(authorizerOf(routeOf('GET /api/v1/users/me'))?.Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 5,
    });
  });

  it('also requires the distribution’s key of every caller if the stage accepts only its requests', () => {
    const closed = synthesiseStage('dev', { onlyThroughDistribution: true });
    closed.templates.routes.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      Name: 'access-token',
      IdentitySource: ['$request.header.Authorization', '$request.header.x-origin-key'],
    });
  });

  it('throttles the auth routes more than the others', () => {
    const created = resources('AWS::ApiGatewayV2::Stage').find(
      ({ Properties }) => Properties['StageName'] === '$default',
    );
    const { RouteSettings: settings, DefaultRouteSettings: defaults } = created?.Properties as {
      RouteSettings: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }>;
      DefaultRouteSettings: { ThrottlingRateLimit: number };
    };
    expect(Object.keys(settings).sort()).toEqual(routesByFunction.auth.map(routeKey).sort());
    for (const limits of Object.values(settings)) {
      expect(limits.ThrottlingRateLimit).toBeLessThan(defaults.ThrottlingRateLimit);
      expect(limits.ThrottlingBurstLimit).toBeGreaterThan(0);
    }
  });

  it('creates its stage after the routes that the stage’s settings name', () => {
    const created = resources('AWS::ApiGatewayV2::Stage').find(
      ({ Properties }) => Properties['StageName'] === '$default',
    );
    const ids = Object.entries(stage.templates.routes.findResources('AWS::ApiGatewayV2::Route'));
    expect(ids.length).toBeGreaterThan(0);
    for (const [id] of ids) expect(created?.DependsOn).toContain(id);
  });

  it('is the only caller that may invoke its functions', () => {
    const permissions = resources('AWS::Lambda::Permission');
    expect(permissions.length).toBeGreaterThan(0);
    for (const permission of permissions) {
      expect(permission.Properties['Principal']).toBe('apigateway.amazonaws.com');
      expect(asText(permission.Properties['SourceArn'])).toMatch(/(HttpApi|socket-api|SocketApi)/);
    }
  });

  it('allows pages of other origins only if the stage names them', () => {
    const apis = Object.values(stage.templates.edge.findResources('AWS::ApiGatewayV2::Api')) as Resource[];
    for (const api of apis) expect(api.Properties).not.toHaveProperty('CorsConfiguration');
    const open = synthesiseStage('dev', { allowedOrigins: everySetting.allowedOrigins });
    open.templates.edge.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: { AllowOrigins: ['https://app.example.org'], AllowCredentials: false },
    });
  });

  it('receives all of its paths from the distribution, but not those of documents', () => {
    const matches = (pattern: string, path: string) =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
    for (const route of routes) {
      expect(
        apiPathPatterns.some((pattern) => matches(pattern, route.path)),
        route.path,
      ).toBe(true);
      expect(documentPaths).not.toContain(route.path);
    }
  });
});

describe('the WebSocket API', () => {
  it('has one function for connects, one for disconnects, one for quick actions and one for all other frames', () => {
    expect(
      Object.fromEntries(socketRoutes.map((route) => [route.Properties['RouteKey'], functionBehind(route)])),
    ).toEqual({
      $connect: 'socket-connect',
      $disconnect: 'socket-disconnect',
      'message.send': 'socket-message',
      ping: 'socket-message',
      $default: 'socket-action',
    });
    stage.templates.edge.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
  });

  it('authorises every connect, wherever the token is', () => {
    const authorizer = authorizerOf(routeOf('$connect'));
    expect(routeOf('$connect')?.Properties['AuthorizationType']).toBe('CUSTOM');
    expect(authorizer?.Properties['AuthorizerType']).toBe('REQUEST');
    // API Gateway rejects a request without an identity source, and a token may come in three ways.
    expect(authorizer?.Properties).not.toHaveProperty('IdentitySource');
    expect(asText(authorizer?.Properties['AuthorizerUri'])).toContain('authorizesocket');
  });

  it('traces no data and writes no execution log, which would contain frames and tokens', () => {
    stage.templates.api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: stage.stacks.edge.socketStage,
      DefaultRouteSettings: { DataTraceEnabled: false, LoggingLevel: 'OFF' },
    });
  });

  it('has the account’s logging role before its stage, unless the account has one of its own', () => {
    const [[accountId, account] = ['']] = Object.entries(stage.templates.api.findResources('AWS::ApiGateway::Account'));
    // The other stages of the account need it.
    expect((account as Resource).DeletionPolicy).toBe('Retain');
    const created = resources('AWS::ApiGatewayV2::Stage').find((one) => one.Properties['StageName'] === 'live');
    expect(created?.DependsOn).toContain(accountId);
    const other = synthesiseStage('dev', { manageApiGatewayAccount: false });
    other.templates.api.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

describe('each access log', () => {
  it('contains neither the query nor the address of a request', () => {
    for (const created of resources('AWS::ApiGatewayV2::Stage')) {
      const { Format: format } = created.Properties['AccessLogSettings'] as { Format: string };
      const fields = Object.values(JSON.parse(format) as Record<string, string>);
      expect(fields).toContain('$context.requestId');
      for (const field of fields) {
        expect(field).not.toMatch(/path|query|identity|sourceIp|userAgent|\$context\.authorizer\.principalId/i);
      }
    }
  });

  it('has the retention that the stage sets', () => {
    const of: Readonly<Record<string, Template>> = { http: stage.templates.routes, socket: stage.templates.api };
    for (const [kind, template] of Object.entries(of)) {
      template.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/aws/vendedlogs/switchboard-dev/${kind}-access`,
        RetentionInDays: 7,
      });
    }
  });
});
