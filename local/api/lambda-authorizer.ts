import type { FunctionHost, InvocationOutcome, Resource } from '../contract.ts';
import { identityValues } from './authorization.ts';
import type { Authorization, Authorizer } from './authorization.ts';
import { gatewayMessage } from './exchange.ts';
import { functionArnOf } from './lambda-targets.ts';
import type { InvokePermission } from './lambda-targets.ts';
import { policyDecision } from './policy-decision.ts';

const cacheLimit = 10_000;

/**
 * Payload format 2.0. Results are cached by the identity sources, so a simple response also applies to other routes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function lambdaAuthorizer(
  resource: Resource,
  apiArn: string,
  host: FunctionHost,
  permission: InvokePermission,
  now: () => number,
): Authorizer {
  const { AuthorizerUri, IdentitySource, EnableSimpleResponses, AuthorizerResultTtlInSeconds, ...properties } =
    resource.properties as {
      AuthorizerUri?: string;
      IdentitySource?: string[];
      EnableSimpleResponses?: boolean;
      AuthorizerResultTtlInSeconds?: number;
      AuthorizerPayloadFormatVersion?: string;
    };
  const functionArn = functionArnOf(AuthorizerUri ?? '');
  if (functionArn === undefined) throw new Error(`${resource.logicalId}: AuthorizerUri names no function.`);
  if (properties.AuthorizerPayloadFormatVersion !== '2.0') {
    throw new Error(`${resource.logicalId}: the local run supports authorizers of payload format 2.0 only.`);
  }
  const sources = IdentitySource ?? [];
  const timeToLiveMs = sources.length === 0 ? 0 : (AuthorizerResultTtlInSeconds ?? 0) * 1000;
  const cache = new Map<string, { readonly result: unknown; readonly until: number }>();

  return async (payload, routeArn) => {
    const identity = identityValues(sources, payload);
    if (identity === undefined) return refused(401, 'Unauthorized');
    const key = timeToLiveMs === 0 ? '' : JSON.stringify(identity);
    const cached = cache.get(key);
    if (cached !== undefined && cached.until > now()) {
      return judge(cached.result, routeArn, EnableSimpleResponses === true);
    }
    if (!permission(functionArn, `${apiArn}/authorizers/${resource.physicalId}`).allowed) {
      return refused(500, 'Internal Server Error');
    }
    const event = { ...payload, type: 'REQUEST', routeArn, identitySource: sources.length === 0 ? null : identity };
    const outcome = await host.invoke(functionArn, event, `authorizer ${payload.routeKey}`);
    if (outcome.kind !== 'returned') return failed(outcome);
    if (timeToLiveMs > 0) {
      if (cache.size >= cacheLimit) cache.clear();
      cache.set(key, { result: outcome.payload, until: now() + timeToLiveMs });
    }
    return judge(outcome.payload, routeArn, EnableSimpleResponses === true);
  };
}

function judge(result: unknown, routeArn: string, simple: boolean): Authorization {
  if (typeof result !== 'object' || result === null) return refused(500, 'Internal Server Error');
  const { isAuthorized, policyDocument, context } = result as Record<string, unknown>;
  if (context !== undefined && context !== null && typeof context !== 'object') {
    return refused(500, 'Internal Server Error');
  }
  if (simple) {
    if (typeof isAuthorized !== 'boolean') return refused(500, 'Internal Server Error');
    if (!isAuthorized) return refused(403, 'Forbidden');
  } else {
    const decision = policyDecision(policyDocument, routeArn);
    if (decision === undefined) return refused(500, 'Internal Server Error');
    if (decision !== 'allowed') return refused(403, 'Forbidden');
  }
  return { kind: 'allowed', context: { lambda: context ?? null } };
}

function failed(outcome: InvocationOutcome): Authorization {
  // Means "no valid credentials".
  const unauthorized = outcome.kind === 'failed' && outcome.message === 'Unauthorized';
  return unauthorized ? refused(401, 'Unauthorized') : refused(500, 'Internal Server Error');
}

function refused(status: number, message: string): Authorization {
  return { kind: 'refused', response: gatewayMessage(status, message) };
}
