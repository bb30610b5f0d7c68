import { Stack, Validations } from 'aws-cdk-lib';
import { CfnAuthorizer, CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { actionsByFunction } from '../../shared/contract/registry.ts';
import { allowInvocation, invocationUri } from './http-routes.ts';

export interface SocketRoutesProps {
  readonly apiId: string;
  readonly authorizer: IFunction;
  readonly connect: IFunction;
  readonly disconnect: IFunction;
  readonly message: IFunction;
  /** Answers unknown actions with a problem. */
  readonly action: IFunction;
}

/** API Gateway offers an authorizer for `$connect` only. */
export class SocketRoutes extends Construct {
  readonly routes: readonly CfnRoute[];

  constructor(scope: Construct, id: string, props: SocketRoutesProps) {
    super(scope, id);
    const { apiId } = props;
    const authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId,
      name: 'token-or-ticket',
      authorizerType: 'REQUEST',
      authorizerUri: invocationUri(Stack.of(this), props.authorizer),
      // API Gateway would require every identity source, but the token may come as a subprotocol, `ticket` or `token`.
    });
    allowInvocation(this, 'AuthorizerPermission', props.authorizer, apiId, `authorizers/${authorizer.ref}`);

    this.routes = [
      this.#route(apiId, 'Connect', '$connect', props.connect, authorizer),
      this.#route(apiId, 'Disconnect', '$disconnect', props.disconnect),
      // Frames that are not JSON or have another action go to `$default`.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-add-route.html
      ...actionsByFunction['socket-message'].map(({ action }) =>
        this.#route(apiId, `Message ${action}`, action, props.message),
      ),
      this.#route(apiId, 'Action', '$default', props.action),
    ];
  }

  #route(apiId: string, id: string, routeKey: string, target: IFunction, authorizer?: CfnAuthorizer): CfnRoute {
    allowInvocation(this, `${id}Permission`, target, apiId, `*/${routeKey}`);
    const integration = new CfnIntegration(this, `${id}Integration`, {
      apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: invocationUri(Stack.of(this), target),
    });
    const route = new CfnRoute(this, id, {
      apiId,
      routeKey,
      target: `integrations/${integration.ref}`,
      ...(authorizer === undefined
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'CUSTOM', authorizerId: authorizer.ref }),
    });
    if (authorizer === undefined) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: `API Gateway authorises $connect only. ${routeKey} receives the identity from $connect and checks it`,
      });
    }
    return route;
  }
}
