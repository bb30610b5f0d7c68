import { Stack, Validations } from 'aws-cdk-lib';
import { CfnAuthorizer, CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Route, routeKey, routeKeys } from '../../shared/contract/kit/define-route.ts';
import { edgeHeaders } from '../../shared/core/runtime/config.ts';

export type Invoked = Pick<IFunction, 'functionArn'>;

export interface HttpRoutesProps {
  readonly apiId: string;
  readonly authorizer: Invoked;
  readonly onlyThroughDistribution: boolean;
  /** The function for requests without a route. It returns a problem instead of API Gateway's own body. */
  readonly otherwise: string;
  readonly functions: readonly {
    readonly name: string;
    readonly function: Invoked;
    readonly routes: readonly Route[];
  }[];
}

/** A revoked session may still work for this long. */
const authorizerCacheSeconds = 5;

export class HttpRoutes extends Construct {
  readonly routes: readonly CfnRoute[];

  constructor(scope: Construct, id: string, props: HttpRoutesProps) {
    super(scope, id);
    const authorizer = this.#authorizer(props);
    this.routes = props.functions.flatMap((served) => {
      const integration = this.#integration(props.apiId, served.name, served.function);
      const routes = served.routes.flatMap((route) =>
        routeKeys(route).map((key) => this.#route(props.apiId, route, key, integration, authorizer)),
      );
      return served.name === props.otherwise ? [...routes, this.#fallback(props.apiId, integration)] : routes;
    });
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
  #fallback(apiId: string, integration: CfnIntegration): CfnRoute {
    const created = new CfnRoute(this, 'Otherwise', {
      apiId,
      routeKey: '$default',
      target: `integrations/${integration.ref}`,
      authorizationType: 'NONE',
    });
    Validations.of(created).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'It answers every caller with the problem not-found',
    });
    return created;
  }

  #authorizer({ apiId, authorizer, onlyThroughDistribution }: HttpRoutesProps): CfnAuthorizer {
    const stack = Stack.of(this);
    const created = new CfnAuthorizer(this, 'Authorizer', {
      apiId,
      name: 'access-token',
      authorizerType: 'REQUEST',
      authorizerUri: invocationUri(stack, authorizer),
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
      // API Gateway rejects requests without these headers, and caches answers by their values, so requests that bypass
      // the distribution share none.
      identitySource: [
        '$request.header.Authorization',
        ...(onlyThroughDistribution ? [`$request.header.${edgeHeaders.key}`] : []),
      ],
      authorizerResultTtlInSeconds: authorizerCacheSeconds,
    });
    allowInvocation(this, 'AuthorizerPermission', authorizer, apiId, `authorizers/${created.ref}`);
    return created;
  }

  #integration(apiId: string, name: string, target: Invoked): CfnIntegration {
    allowInvocation(this, `${name}-permission`, target, apiId, '*/*');
    return new CfnIntegration(this, `${name}-integration`, {
      apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: target.functionArn,
      payloadFormatVersion: '2.0',
      // HTTP APIs allow at most 30 s.
      timeoutInMillis: 29_000,
    });
  }

  #route(apiId: string, route: Route, key: string, integration: CfnIntegration, authorizer: CfnAuthorizer): CfnRoute {
    const isPublic = route.access === 'public';
    const created = new CfnRoute(this, key === routeKey(route) ? route.operationId : `${route.operationId}-head`, {
      apiId,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      ...(isPublic ? { authorizationType: 'NONE' } : { authorizationType: 'CUSTOM', authorizerId: authorizer.ref }),
    });
    if (isPublic) {
      Validations.of(created).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: `The contract declares ${key} public: ${route.summary}`,
      });
    }
    return created;
  }
}

export function invocationUri(stack: Stack, target: Invoked): string {
  const path = `2015-03-31/functions/${target.functionArn}/invocations`;
  return stack.formatArn({ service: 'apigateway', account: 'lambda', resource: 'path', resourceName: path });
}

/** `source` is the part of the source ARN after the API's id. */
export function allowInvocation(scope: Construct, id: string, target: Invoked, apiId: string, source: string): void {
  new CfnPermission(scope, id, {
    action: 'lambda:InvokeFunction',
    functionName: target.functionArn,
    principal: 'apigateway.amazonaws.com',
    sourceArn: Stack.of(scope).formatArn({ service: 'execute-api', resource: apiId, resourceName: source }),
  });
}
