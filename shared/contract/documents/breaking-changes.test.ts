import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { defineAction } from '../kit/define-action.ts';
import { defineServerEvent } from '../kit/define-server-event.ts';
import { defineRoute } from '../kit/define-route.ts';
import type { Route } from '../kit/define-route.ts';
import { conversationNotFound, throttled } from '../problems.ts';
import { asyncApiDocument } from './asyncapi.ts';
import type { FrameRegistry } from './asyncapi.ts';
import { breakingChanges, breakingFrameChanges } from './breaking-changes.ts';
import type { FrameDocument, HttpDocument } from './breaking-changes.ts';
import { openApiDocument } from './openapi.ts';

const info = { title: 'Test', version: '1', description: 'Test' };

function httpDocument(...routes: readonly Route[]): HttpDocument {
  const chapters = { lamps: { description: 'Lamps.', routes } };
  return openApiDocument(chapters, info) as unknown as HttpDocument;
}

const lamp = { id: z.string(), brightness: z.int(), colour: z.optional(z.enum(['red', 'green'])) };
const setLamp: Route = defineRoute({
  operationId: 'setLamp',
  method: 'POST',
  path: '/lamps/{lampId}',
  access: 'users:list',
  summary: 'Set a lamp',
  params: { lampId: z.string() },
  query: z.strictObject({ room: z.optional(z.string()) }),
  body: z.strictObject({ brightness: z.int().check(z.maximum(100)), colour: z.optional(z.enum(['red', 'green'])) }),
  responses: { 200: z.object(lamp), 201: z.object(lamp) },
  problems: [conversationNotFound, throttled],
  idempotent: 'no',
});
const old = httpDocument(setLamp);
const changed = (changes: Partial<Route>) => breakingChanges(old, httpDocument({ ...setLamp, ...changes }));

describe('breakingChanges for a change that breaks clients', () => {
  const operation = 'POST /lamps/{lampId}';
  const breaking: [string, Partial<Route>, string][] = [
    ['a renamed operation', { operationId: 'changeLamp' }, `${operation}: operationId was setLamp and is changeLamp`],
    [
      'a permission of fewer roles',
      { access: 'accounts:manage' },
      `${operation}: the role member may no longer call it`,
    ],
    ['a removed parameter', { query: z.strictObject({}) }, `${operation}: the parameter room was removed`],
    [
      'a parameter that became required',
      { query: z.strictObject({ room: z.string() }) },
      `${operation}: the parameter room became required`,
    ],
    [
      'a removed field of the body',
      { body: z.strictObject({ brightness: z.int().check(z.maximum(100)) }) },
      `${operation}, body: the field colour was removed`,
    ],
    [
      'a new required field of the body',
      { body: z.strictObject({ ...(setLamp.body?.shape ?? {}), room: z.string() }) },
      `${operation}, body: the field room became required`,
    ],
    [
      'a lower limit',
      { body: z.strictObject({ ...setLamp.body?.shape, brightness: z.int().check(z.maximum(50)) }) },
      `${operation}, body.brightness: maximum was 100 and is 50`,
    ],
    [
      'a removed value in the body',
      { body: z.strictObject({ ...setLamp.body?.shape, colour: z.optional(z.enum(['red'])) }) },
      `${operation}, body.colour: the value green was removed`,
    ],
    [
      'another type in the body',
      { body: z.strictObject({ ...setLamp.body?.shape, brightness: z.string() }) },
      `${operation}, body.brightness: the type was integer and is string`,
    ],
    ['a removed body', { body: undefined }, `${operation}: it no longer accepts a body`],
    [
      'a removed field of the answer',
      { responses: { 200: z.object({ id: z.string(), colour: lamp.colour }), 201: z.object(lamp) } },
      `${operation}, answer 200: the field brightness was removed`,
    ],
    [
      'a field of the answer that became optional',
      { responses: { 200: z.object({ ...lamp, brightness: z.optional(z.int()) }), 201: z.object(lamp) } },
      `${operation}, answer 200: the field brightness became optional`,
    ],
    [
      'a field of the answer that may be null',
      { responses: { 200: z.object({ ...lamp, id: z.nullable(z.string()) }), 201: z.object(lamp) } },
      `${operation}, answer 200.id: the type was string and is string or null`,
    ],
    ['a removed status', { responses: { 200: z.object(lamp) } }, `${operation}: the answer 201 was removed`],
    ['a removed problem', { problems: [conversationNotFound] }, `${operation}: the answer 429 was removed`],
  ];
  it.each(breaking)('reports %s', (_name, changes, sentence) => {
    expect(changed(changes)).toContain(sentence);
  });

  it('reports a removed operation', () => {
    expect(breakingChanges(old, httpDocument())).toEqual([`${operation}: the operation was removed`]);
  });

  it('reports an operation that was public and now needs a session', () => {
    const open = httpDocument({ ...setLamp, access: 'public' });
    expect(breakingChanges(open, old)).toContain(`${operation}: it needs a session now`);
  });

  it('reports a removed code when other codes of its status remain', () => {
    const both = httpDocument({ ...setLamp, problems: [conversationNotFound, { ...throttled, status: 404 }] });
    const single = httpDocument({ ...setLamp, problems: [conversationNotFound] });
    expect(breakingChanges(both, single)).toContain(`${operation}, answer 404.code: the value THROTTLED was removed`);
  });
});

describe('breakingChanges for a harmless change', () => {
  const harmless: [string, Partial<Route>][] = [
    ['no difference', {}],
    ['another summary and description', { summary: 'Light a lamp', description: 'Brightly.' }],
    ['a permission of more roles', { access: 'messages:send' }],
    ['an operation that became public', { access: 'public' }],
    ['a new optional parameter', { query: z.strictObject({ ...setLamp.query.shape, floor: z.optional(z.string()) }) }],
    [
      'a new optional field of the body',
      { body: z.strictObject({ ...setLamp.body?.shape, on: z.optional(z.boolean()) }) },
    ],
    ['a higher limit', { body: z.strictObject({ ...setLamp.body?.shape, brightness: z.int().check(z.maximum(200)) }) }],
    ['a new field of the answer', { responses: { 200: z.object({ ...lamp, on: z.boolean() }), 201: z.object(lamp) } }],
  ];
  it.each(harmless)('accepts %s', (_name, changes) => {
    const problems = changed(changes).filter((sentence) => !/answer 40[13]/.test(sentence));
    expect(problems).toEqual([]);
  });

  it('accepts a new operation', () => {
    expect(breakingChanges(old, httpDocument(setLamp, { ...setLamp, path: '/lamps', params: {} }))).toEqual([]);
  });
});

describe('breakingFrameChanges', () => {
  const switchLamp = defineAction({
    action: 'lamp.switch',
    access: 'users:list',
    summary: 'Switch a lamp',
    data: z.strictObject({ lampId: z.string() }),
    answer: { type: 'ack', data: z.object(lamp) },
    problems: [throttled],
  });
  const lampSwitched = defineServerEvent({
    type: 'lamp.switched',
    lasting: false,
    event: false,
    summary: 'A lamp was switched',
    data: z.object(lamp),
  });
  const registry: FrameRegistry = { actions: [switchLamp], serverEvents: [lampSwitched], events: [] };
  const framesOf = (changes: Partial<FrameRegistry>) =>
    asyncApiDocument({ ...registry, ...changes }, info) as unknown as FrameDocument;
  const frameChanges = (changes: Partial<FrameRegistry>) => breakingFrameChanges(framesOf({}), framesOf(changes));

  it('reports a removed server event', () => {
    expect(frameChanges({ serverEvents: [] })).toEqual(['socket lamp.switched: the message was removed']);
  });

  it('reports a removed field of a server event', () => {
    const poorer = { ...lampSwitched, data: z.object({ id: z.string() }) };
    expect(frameChanges({ serverEvents: [poorer] })).toContain(
      'socket lamp.switched.data: the field brightness was removed',
    );
  });

  it('reports a new required field of an action', () => {
    const stricter = { ...switchLamp, data: z.strictObject({ lampId: z.string(), room: z.string() }) };
    expect(frameChanges({ actions: [stricter] })).toEqual(['socket lamp.switch.data: the field room became required']);
  });

  it('reports a removed problem of an action', () => {
    expect(frameChanges({ actions: [{ ...switchLamp, problems: [] }] })).toEqual([
      'socket lamp.switch.error.problem.code: the value THROTTLED was removed',
    ]);
  });

  it('accepts a new field of a server event, and a new server event', () => {
    const richer = { ...lampSwitched, data: z.object({ ...lamp, on: z.boolean() }) };
    const another = { ...lampSwitched, type: 'lamp.broken' };
    expect(frameChanges({ serverEvents: [richer, another] })).toEqual([]);
  });
});
