import * as z from 'zod/mini';
import { busEnvelope } from '../events/envelope.ts';
import type { Action } from '../kit/define-action.ts';
import type { BusEvent } from '../kit/define-event.ts';
import { problemBody } from '../kit/define-problem.ts';
import type { ServerEvent } from '../kit/define-server-event.ts';
import { seq } from '../schemas/ids.ts';
import { text } from '../schemas/text.ts';
import { eventEnvelope } from '../events/server-events.ts';

const ref = z.optional(
  text(
    z.maxLength(128),
    z.meta({ description: 'Any text that the client chooses. The answer repeats it.', examples: ['1'] }),
  ),
);

export function requestFrame(action: Action) {
  // Absent data counts as an empty object.
  const mayBeEmpty = action.data.safeParse({}).success;
  return z.strictObject({
    action: z.literal(action.action),
    ref,
    data: mayBeEmpty ? z.optional(action.data) : action.data,
  });
}

export function answerFrame(action: Action) {
  return z.object({ type: z.literal(action.answer.type), ref, data: action.answer.data });
}

export const errorFrame = z.object({ type: z.literal('error'), ref, problem: problemBody });

export function serverEventFrame(event: ServerEvent) {
  const members = { type: z.literal(event.type), data: event.data };
  if (!event.event) return z.object(members);
  const { seq: _seq, ...passing } = eventEnvelope.shape;
  return z.object({ ...passing, ...(event.lasting ? { seq } : {}), ...members });
}

export function busDetail(event: BusEvent) {
  return z.extend(busEnvelope, {
    type: z.literal(event.type),
    version: z.literal(event.version),
    data: event.data,
  });
}
