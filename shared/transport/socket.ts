import middy from '@middy/core';
import type {
  APIGatewayProxyResultV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  APIGatewayEventWebsocketRequestContextV2,
} from 'aws-lambda';
import * as z from 'zod/mini';
import type { Action, ActionAnswer, ActionData, ActionProblem } from '../contract/kit/define-action.ts';
import type { ProblemDefinition } from '../contract/kit/define-problem.ts';
import {
  forbidden,
  malformedFrame,
  payloadTooLarge,
  sessionEnded,
  unknownAction,
  validationFailed,
} from '../contract/problems.ts';
import { text } from '../contract/schemas/text.ts';
import { largestFrame } from '../contract/sockets/frame-limit.ts';
import { tooManyConnections } from '../contract/sockets/problems.ts';
import { refusalOfConnection } from '../core/delivery/connection-check.ts';
import type { CallerConnection } from '../core/delivery/caller-connection.ts';
import { closeConnection, deliver, type Post } from '../core/delivery/delivery.ts';
import { answerFrame, errorFrame } from '../core/delivery/frames.ts';
import { log } from '../core/runtime/logger.ts';
import { count } from '../core/runtime/metrics.ts';
import { allows } from '../core/tenancy/permissions.ts';
import type { Principal } from '../core/tenancy/principal.ts';
import { principalOf } from './claims.ts';
import { findLosses, parseJson } from './json-body.ts';
import { isRefusal, problemBodyOf, type Refusal, refuse } from '../core/refusal.ts';
import { withPointersInto } from './refusal-pointers.ts';
import { refusalOfError } from './service-failure.ts';
import { validate, validationDetails } from './validation.ts';

export type FrameHandler<A extends Action> = (
  principal: Principal,
  input: ActionData<A>,
  caller: CallerConnection<ActionAnswer<A>>,
) => Promise<ActionAnswer<A> | Refusal<ActionProblem<A>>>;

export type FrameHandlers<Actions extends readonly Action[]> = {
  readonly [Name in Actions[number]['action']]: FrameHandler<Extract<Actions[number], { readonly action: Name }>>;
};

export type SocketEvent = APIGatewayProxyWebsocketEventV2WithRequestContext<
  APIGatewayEventWebsocketRequestContextV2 & { authorizer?: unknown }
>;

const refSchema = text(z.maxLength(128));

const frameSchema = z.strictObject({
  action: text(z.maxLength(64)),
  ref: z.optional(refSchema),
  data: z.optional(z.record(z.string(), z.unknown())),
});

const closing: ReadonlySet<ProblemDefinition> = new Set([sessionEnded, tooManyConnections]);

interface Operation {
  readonly action: Action;
  readonly handler: (principal: Principal, input: unknown, caller: CallerConnection) => Promise<unknown>;
}

/** `acknowledged`: the use case has already answered the frame. */
type Outcome = Refusal | { readonly answer: unknown } | { readonly acknowledged: true };

/**
 * Creates the Lambda handler of frames: session → frame → action → permission → validation → use case → answer. Every
 * frame gets an answer.
 */
export function serveSocket<const Actions extends readonly Action[]>(
  actions: Actions,
  handlers: FrameHandlers<Actions>,
) {
  const operations = new Map<string, Operation>();
  for (const action of actions) {
    const handler = handlers[action.action as keyof FrameHandlers<Actions>] as unknown as Operation['handler'];
    operations.set(action.action, { action, handler });
  }

  return middy<SocketEvent, APIGatewayProxyResultV2>().handler(async (event) => {
    const startedAt = performance.now();
    const { connectionId, requestId } = event.requestContext;
    const principal = principalOf(event.requestContext.authorizer);
    // Cannot happen: the authorizer of `$connect` rejects connections without claims.
    if (principal === undefined) return { statusCode: 401 };
    const { frame, ref } = readFrame(event);
    const operation = isRefusal(frame) ? undefined : operations.get(frame.action);
    const outcome = await outcomeOf(event, principal, frame, operation);

    let problem: string | undefined;
    if (isRefusal(outcome)) {
      problem = outcome.refused.name;
      const error = errorFrame(ref, problemBodyOf(outcome, requestId));
      await deliver(principal.scope, [{ userId: principal.userId, connectionId, frame: error }]);
      if (closing.has(outcome.refused)) await closeConnection(connectionId);
    } else if ('answer' in outcome && operation !== undefined) {
      const answer = answerFrame(operation.action, ref, outcome.answer);
      await deliver(principal.scope, [{ userId: principal.userId, connectionId, frame: answer }]);
    }
    count(problem === undefined ? 'Requests' : 'Refusals');
    log('info', 'frame', {
      requestId,
      connectionId,
      tenantId: principal.tenantId,
      userId: principal.userId,
      operation: operation?.action.action,
      problem,
      latencyMs: Math.round(performance.now() - startedAt),
    });
    return { statusCode: 200 };
  });
}

type Frame = z.output<typeof frameSchema>;

/** Rejected frames also have a ref if it can be read. */
export function readFrame(event: Pick<SocketEvent, 'body' | 'isBase64Encoded'>): {
  readonly frame: Frame | Refusal;
  readonly ref: string | undefined;
} {
  const body = event.body ?? '';
  if (event.isBase64Encoded) {
    return { frame: refuse(malformedFrame, { detail: 'Binary frames are not accepted. Send text.' }), ref: undefined };
  }
  // Frames that are too large are only parsed for their ref. API Gateway accepts at most 128 KiB.
  const parsed = parseJson(Buffer.from(body));
  const ref = refOf(parsed?.json);
  if (Buffer.byteLength(body) > largestFrame) return { frame: refuse(payloadTooLarge), ref };
  if (parsed === undefined) return { frame: refuse(malformedFrame), ref };
  const { complaint, errors } = findLosses(parsed);
  if (complaint !== undefined) return { frame: refuse(malformedFrame, { detail: complaint }), ref };
  if (errors.length > 0) return { frame: refuse(validationFailed, validationDetails(errors)), ref };
  const frame = validate(frameSchema, 'frame', parsed.json);
  return { frame: frame.valid ? frame.value : refuse(malformedFrame, { errors: frame.errors }), ref };
}

function refOf(json: unknown): string | undefined {
  const ref: unknown = typeof json === 'object' && json !== null && 'ref' in json ? json.ref : undefined;
  return refSchema.safeParse(ref).data;
}

async function outcomeOf(
  event: SocketEvent,
  principal: Principal,
  frame: Frame | Refusal,
  operation: Operation | undefined,
): Promise<Outcome> {
  const { connectionId, connectedAt } = event.requestContext;
  try {
    const over = await refusalOfConnection(principal, connectionId);
    if (over !== undefined) return over;
    if (isRefusal(frame)) return frame;
    if (operation === undefined) return refuse(unknownAction);
    if (!allows(principal.role, operation.action.access)) return refuse(forbidden);
    const data = validate(operation.action.data, 'data', frame.data ?? {});
    if (!data.valid) {
      return refuse(validationFailed, validationDetails(data.errors));
    }
    let acknowledged = false;
    const acknowledge = (answer: unknown): Post => {
      acknowledged = true;
      return {
        userId: principal.userId,
        connectionId,
        frame: answerFrame(operation.action, frame.ref, answer),
      };
    };
    const caller = { connectionId, connectedAt: connectedAt ?? Date.now(), acknowledge };
    const outcome = withPointersInto(await operation.handler(principal, data.value, caller), () => 'data');
    if (isRefusal(outcome)) return outcome;
    return acknowledged ? { acknowledged } : { answer: outcome };
  } catch (error) {
    log('error', 'frame.failed', { requestId: event.requestContext.requestId, connectionId }, error);
    count('Failures');
    return refusalOfError(error);
  }
}
