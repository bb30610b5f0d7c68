import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { bypassesDistribution } from '../../transport/viewer-address.ts';
import { edgeHeaders } from '../../core/runtime/config.ts';
import { allowsOrigin } from '../tenants/settings.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { authenticate, contextOf } from './authenticate.ts';
import { socketCredentials, type SocketCredentials } from './socket-credentials.ts';
import { redeemTicket } from './ticket.ts';

type SocketHandshake = Pick<
  APIGatewayRequestAuthorizerEvent,
  'headers' | 'multiValueHeaders' | 'queryStringParameters' | 'methodArn'
>;

/**
 * Denies with a policy, which the client receives as 403. Throwing would let strangers trigger the alarm on errors.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export async function authorizeSocket(event: SocketHandshake): Promise<APIGatewayAuthorizerResult> {
  if (bypassesDistribution({ [edgeHeaders.key]: header(event, edgeHeaders.key) })) return denied(event);
  const credentials = socketCredentials(header(event, 'sec-websocket-protocol'), event.queryStringParameters ?? {});
  const caller = credentials && (await callerOf(credentials));
  if (credentials === undefined || caller === undefined || !(await mayComeFrom(event, caller))) {
    return denied(event);
  }
  return {
    principalId: caller.userId,
    policyDocument: policy('Allow', event.methodArn),
    context: { ...contextOf(caller), via: credentials.via },
  };
}

function denied({ methodArn }: SocketHandshake): APIGatewayAuthorizerResult {
  return { principalId: 'nobody', policyDocument: policy('Deny', methodArn) };
}

function callerOf({ via, value }: SocketCredentials): Promise<Principal | undefined> {
  return via === 'ticket' ? redeemTicket(value) : authenticate(value);
}

/**
 * Browsers let any page open a WebSocket and send the page's origin (RFC 6455, section 10.2). Several origins are
 * rejected, because browsers never send them.
 */
async function mayComeFrom(event: SocketHandshake, caller: Principal): Promise<boolean> {
  const origin = header(event, 'origin');
  if (origin === undefined) return true;
  return allowsOrigin(await tenantSettings(caller.scope), origin);
}

/** WebSocket APIs keep the client's spelling of header names. */
function header(event: SocketHandshake, name: string): string | undefined {
  for (const [key, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (key.toLowerCase() === name && values !== undefined) return values.join(', ');
  }
  for (const [key, value] of Object.entries(event.headers ?? {})) {
    if (key.toLowerCase() === name && value !== undefined) return value;
  }
  return undefined;
}

function policy(effect: 'Allow' | 'Deny', resource: string): APIGatewayAuthorizerResult['policyDocument'] {
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  };
}
