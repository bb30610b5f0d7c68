import type { Assembly, FunctionHost, Resource } from '../contract.ts';
import { belongingTo, functionArnOf, integrationOf } from './lambda-targets.ts';
import type { InvokePermission } from './lambda-targets.ts';
import { propertyText } from './property-text.ts';
import { socketAuthorizer } from './websocket-authorizer.ts';
import type { SocketAuthorizer } from './websocket-authorizer.ts';

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const integrationLimitMs = 29_000;

export interface SocketRoute {
  readonly key: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly sourceArn: string;
  /** Sends the function's result to the client. */
  readonly responds: boolean;
  /** Only `$connect` can have one. */
  readonly authorizer: SocketAuthorizer | undefined;
}

/** @throws Error for an unsupported property. */
export function readSocketRoutes(
  assembly: Assembly,
  api: Resource,
  stage: string,
  host: FunctionHost,
  permission: InvokePermission,
): ReadonlyMap<string, SocketRoute> {
  const apiArn = `arn:aws:execute-api:${assembly.region}:${assembly.accountId}:${api.physicalId}`;
  const integrations = belongingTo(assembly.ofType('AWS::ApiGatewayV2::Integration'), api.physicalId);
  const authorizers = belongingTo(assembly.ofType('AWS::ApiGatewayV2::Authorizer'), api.physicalId);
  const responses = belongingTo(assembly.ofType('AWS::ApiGatewayV2::RouteResponse'), api.physicalId);
  const routes = new Map<string, SocketRoute>();
  for (const resource of belongingTo(assembly.ofType('AWS::ApiGatewayV2::Route'), api.physicalId)) {
    const key = propertyText(resource, 'RouteKey') ?? '';
    const integration = integrationOf(resource.properties['Target'], integrations);
    const functionArn = functionArnOf(propertyText(integration, 'IntegrationUri') ?? '');
    if (integration?.properties['IntegrationType'] !== 'AWS_PROXY' || functionArn === undefined) {
      throw new Error(`${resource.logicalId} (${key}): the local run supports integrations with functions only.`);
    }
    const type = propertyText(resource, 'AuthorizationType') ?? 'NONE';
    const authorizer = authorizers.find(({ physicalId }) => physicalId === resource.properties['AuthorizerId']);
    if (type !== 'NONE' && authorizer === undefined) {
      throw new Error(`${resource.logicalId} (${key}): the local run does not support authorization of type ${type}.`);
    }
    routes.set(key, {
      key,
      functionArn,
      timeoutMs: Number(propertyText(integration, 'TimeoutInMillis') ?? integrationLimitMs),
      sourceArn: `${apiArn}/${stage}/${key}`,
      responds:
        resource.properties['RouteResponseSelectionExpression'] !== undefined &&
        responses.some((response) => response.properties['RouteId'] === resource.physicalId),
      authorizer:
        authorizer === undefined || type === 'NONE'
          ? undefined
          : socketAuthorizer(authorizer, apiArn, stage, host, permission),
    });
  }
  return routes;
}

/**
 * Supports a member of a JSON body: `$request.body.action` or `${request.body.action}`. Other frames go to `$default`.
 */
export function routeSelection(
  expression: string,
  routes: ReadonlyMap<string, SocketRoute>,
): (frame: string) => SocketRoute | undefined {
  const path = /^\$\{?request\.body\.([\w.-]+)\}?$/.exec(expression)?.[1]?.split('.');
  if (path === undefined) throw new Error(`The local run does not support the route selection ${expression}.`);
  return (frame) => {
    let value: unknown;
    try {
      value = JSON.parse(frame);
    } catch {
      return routes.get('$default');
    }
    for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
    const chosen = typeof value === 'string' && !value.startsWith('$') ? routes.get(value) : undefined;
    return chosen ?? routes.get('$default');
  };
}
