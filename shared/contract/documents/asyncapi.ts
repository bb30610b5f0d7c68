import type { Action } from '../kit/define-action.ts';
import type { BusEvent } from '../kit/define-event.ts';
import type { ServerEvent } from '../kit/define-server-event.ts';
import type { Schema } from '../kit/define-route.ts';
import { busChannel, securitySchemes, servers, socketChannel } from './asyncapi-servers.ts';
import { exampleOf } from './example.ts';
import { answerFrame, busDetail, errorFrame, serverEventFrame, requestFrame } from './frames.ts';
import { schemaWriter, sortedByName } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { DocumentInfo } from './openapi.ts';
import { exampleOfProblem, problemsOfAction } from './problems-of.ts';

export interface FrameRegistry {
  readonly actions: readonly Action[];
  readonly serverEvents: readonly ServerEvent[];
  readonly events: readonly BusEvent[];
}

type Channel = 'socket' | 'bus';
interface Description {
  readonly summary: string;
  readonly description?: string | undefined;
}

/**
 * From the service's side: it receives actions and sends events.
 * https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(registry: FrameRegistry, info: DocumentInfo) {
  const writer = schemaWriter();
  const messages: Record<Channel, Record<string, unknown>> = { socket: {}, bus: {} };
  const operations: Record<string, unknown> = {};

  const message = (channel: Channel, name: string, title: string, summary: string, frame: Schema) => {
    const payload = writer.write(frame);
    const examples = [{ payload: exampleOf(payload, writer.components) }];
    messages[channel][name] = { name, title, summary, payload, examples };
  };
  const operation = (channel: Channel, name: string, about: Description, rest: Record<string, unknown>) => {
    const described = about.description === undefined ? {} : { description: about.description };
    operations[name] = {
      title: name,
      summary: about.summary,
      ...described,
      channel: link('channels', channel),
      ...rest,
    };
  };
  const inChannel = (channel: Channel, names: readonly string[]) =>
    names.map((name) => link('channels', channel, 'messages', name));

  for (const action of registry.actions) {
    const { type } = action.answer;
    const [request, answer, error] = [action.action, `${action.action}.${type}`, `${action.action}.error`] as const;
    message('socket', request, `${request}, to the server`, action.summary, requestFrame(action));
    message('socket', answer, `${type}, answers ${request}`, 'The request succeeded', answerFrame(action));
    messages.socket[error] = {
      name: error,
      title: `error, answers ${request}`,
      summary: 'The request was rejected or failed',
      payload: withCodes(writer.write(errorFrame), action),
      examples: problemsOfAction(action).map((problem) => ({
        name: problem.name,
        summary: problem.title,
        payload: { type: 'error', ref: '1', problem: exampleOfProblem(problem) },
      })),
    };
    operation('socket', request, action, {
      action: 'receive',
      messages: inChannel('socket', [request]),
      reply: { channel: link('channels', 'socket'), messages: inChannel('socket', [answer, error]) },
    });
  }
  for (const event of registry.serverEvents) {
    message('socket', event.type, `${event.type}, from the server`, event.summary, serverEventFrame(event));
    operation('socket', event.type, event, { action: 'send', messages: inChannel('socket', [event.type]) });
  }
  for (const event of registry.events) {
    message('bus', event.type, `${event.type}, version ${event.version}`, event.summary, busDetail(event));
    operation('bus', `bus.${event.type}`, event, { action: 'send', messages: inChannel('bus', [event.type]) });
  }
  return {
    asyncapi: '3.0.0',
    info: { ...info, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers,
    channels: {
      socket: { ...socketChannel, messages: messages.socket },
      bus: { ...busChannel, messages: messages.bus },
    },
    operations,
    components: { schemas: sortedByName(writer.components), securitySchemes },
  };
}

function link(...path: readonly string[]): { readonly $ref: string } {
  return { $ref: `#/${path.join('/')}` };
}

function withCodes(frame: JsonSchema, action: Action): JsonSchema {
  const codes = { properties: { code: { enum: problemsOfAction(action).map((problem) => problem.code) } } };
  const problem = { allOf: [frame.properties?.['problem'] ?? {}], ...codes };
  return { ...frame, properties: { ...frame.properties, problem } };
}
