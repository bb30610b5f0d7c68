import type { ActionAnswer, Action } from '../../contract/kit/define-action.ts';
import type { ServerEvent, ServerEventData } from '../../contract/kit/define-server-event.ts';
import type { ProblemBody } from '../../contract/kit/define-problem.ts';
import type { allServerEvents, EventEnvelope } from '../../contract/events/server-events.ts';

type LastingServerEvent = Extract<(typeof allServerEvents)[number], { readonly lasting: true }>;

/** `{ v, type, conversationId, seq, at, data }` */
export function eventFrame(
  type: LastingServerEvent['type'],
  position: { readonly conversationId: string; readonly seq: number; readonly at: string },
  data: unknown,
): EventEnvelope {
  return { v: 1, type, ...position, data };
}

/** An event outside the conversation's log, without `seq`. */
export function passingFrame<P extends ServerEvent & { readonly lasting: false }>(
  event: P,
  context: { readonly conversationId: string; readonly at: string },
  data: ServerEventData<P>,
): EventEnvelope {
  return { v: 1, type: event.type, ...context, data };
}

/** `{ type, data }` */
export function controlFrame<P extends ServerEvent & { readonly lasting: false }>(event: P, data: ServerEventData<P>) {
  return { type: event.type, data };
}

export function answerFrame<A extends Action>(action: A, ref: string | undefined, data: ActionAnswer<A>) {
  return { type: action.answer.type, ...(ref === undefined ? {} : { ref }), data };
}

export function errorFrame(ref: string | undefined, problem: ProblemBody) {
  return { type: 'error', ...(ref === undefined ? {} : { ref }), problem };
}
