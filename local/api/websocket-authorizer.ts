import type { FunctionHost, Resource } from '../contract.ts';
import { identityValues } from './authorization.ts';
import { functionArnOf } from './lambda-targets.ts';
import type { InvokePermission } from './lambda-targets.ts';
import { policyDecision } from './policy-decision.ts';
import type { Handshake } from './websocket-payload.ts';

export type SocketAuthorization =
  | { readonly kind: 'allowed'; readonly context: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

export type SocketAuthorizer = (
  handshake: Handshake,
  requestContext: Readonly<Record<string, unknown>>,
) => Promise<SocketAuthorization>;

/**
 * Type `REQUEST`, for `$connect` only. Results are policies and not cached.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function socketAuthorizer(
  resource: Resource,
  apiArn: string,
  stage: string,
  host: FunctionHost,
  permission: InvokePermission,
): SocketAuthorizer {
  const { AuthorizerUri, IdentitySource } = resource.properties as {
    AuthorizerUri?: string;
    IdentitySource?: string[];
  };
  const functionArn = functionArnOf(AuthorizerUri ?? '');
  if (functionArn === undefined) throw new Error(`${resource.logicalId}: AuthorizerUri names no function.`);
  const methodArn = `${apiArn}/${stage}/$connect`;

  return async (handshake, requestContext) => {
    const headers = Object.fromEntries(
      Object.entries(handshake.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const source = { ...handshake, headers, requestContext };
    if (identityValues(IdentitySource ?? [], source) === undefined) return refused(401, 'Unauthorized');
    if (!permission(functionArn, `${apiArn}/authorizers/${resource.physicalId}`).allowed) {
      return refused(500, 'Internal server error');
    }
    const began = performance.now();
    const event = {
      type: 'REQUEST',
      methodArn,
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      stageVariables: {},
      ...handshake,
      requestContext,
      body: null,
      isBase64Encoded: false,
    };
    const outcome = await host.invoke(functionArn, event, 'authorizer $connect');
    if (outcome.kind !== 'returned') {
      const unauthorized = outcome.kind === 'failed' && outcome.message === 'Unauthorized';
      return unauthorized ? refused(401, 'Unauthorized') : refused(500, 'Internal server error');
    }
    const { principalId, policyDocument, context } = (outcome.payload ?? {}) as Record<string, unknown>;
    const decision = policyDecision(policyDocument, methodArn);
    const values = contextValues(context);
    if (decision === undefined || values === undefined || typeof principalId !== 'string') {
      return refused(500, 'Internal server error');
    }
    if (decision !== 'allowed') {
      const suffix = decision === 'denied' ? '' : ' with an explicit deny';
      return refused(403, `User is not authorized to access this resource${suffix}`);
    }
    const integrationLatency = Math.round(performance.now() - began);
    return { kind: 'allowed', context: { ...values, principalId, integrationLatency } };
  };
}

/** Functions receive strings, numbers and booleans as strings. */
function contextValues(context: unknown): Record<string, string> | undefined {
  if (context === undefined || context === null) return {};
  if (typeof context !== 'object') return undefined;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(context) as [string, unknown][]) {
    if (value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    values[name] = String(value);
  }
  return values;
}

function refused(status: number, message: string): SocketAuthorization {
  return { kind: 'refused', status, message };
}
