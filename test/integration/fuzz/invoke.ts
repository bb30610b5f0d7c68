import { randomBytes } from 'node:crypto';
import type { InvocationOutcome } from '../../../local/contract.ts';
import { integrationEvent, requestPayload } from '../../../local/api/payload-version-2.ts';
import { type Route, routeKey } from '../../../shared/contract/kit/define-route.ts';
import type { Role } from '../../../shared/contract/schemas/user.ts';
import type { TestRun } from '../harness.ts';
import type { SignedIn } from '../raw-client.ts';
import { functionPrefix, functionServing } from '../system/operations.ts';
import type { FuzzAnswer } from './judge.ts';
import type { FuzzRequest } from './fuzz-request.ts';

export function claimsOf({ token }: SignedIn, role: Role): Readonly<Record<string, unknown>> {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const { tid, sub, sid, ver } = payload;
  const expiresAt = Date.now() + 60 * 60 * 1000;
  return { tenantId: tid, userId: sub, role, sessionId: sid, sessionVersion: ver, expiresAt };
}

export function eventOf(test: TestRun, route: Route, request: FuzzRequest, claims: unknown): object {
  const params = Object.fromEntries(Object.entries(request.params).map(([name, text]) => [name, text.toWellFormed()]));
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const { query, headers, body, sourceIp } = request;
  const [api] = test.run.assembly.ofType('AWS::ApiGatewayV2::Api');
  const sent = { method: route.method, path, query, headers, body, sourceIp, protocol: 'HTTP/1.1' };
  const payload = requestPayload(sent, {
    assembly: test.run.assembly,
    apiId: api?.physicalId ?? '',
    stage: '$default',
    requestId: `${randomBytes(11).toString('base64url')}=`,
    routeKey: routeKey(route),
    pathParameters: Object.keys(params).length === 0 ? undefined : params,
    stageVariables: undefined,
    timeEpoch: Date.now(),
  });
  const authorizer = route.access === 'public' ? undefined : { lambda: claims ?? { denied: 'unauthenticated' } };
  const event = integrationEvent(payload, sent, authorizer);
  if (!request.encoded || body.length === 0) return event;
  return { ...event, body: body.toString('base64'), isBase64Encoded: true };
}

export function invokeOperation(test: TestRun, route: Route, event: object): Promise<InvocationOutcome> {
  return test.run.functions.invoke(functionPrefix + functionServing(route), event, routeKey(route));
}

/** Returns API Gateway's answer, or a complaint if the function failed. */
export function answerOf(outcome: InvocationOutcome): FuzzAnswer | string {
  if (outcome.kind !== 'returned') return `the function ${outcome.kind}: ${JSON.stringify(outcome).slice(0, 1_000)}`;
  const { statusCode, headers, body } = outcome.payload as {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  return { status: statusCode, headers, text: body ?? '' };
}
