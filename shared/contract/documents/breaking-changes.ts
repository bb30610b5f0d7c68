import type { JsonSchema } from './json-schema.ts';
import { schemaChanges } from './schema-changes.ts';
import type { Described, Direction } from './schema-changes.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}
interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
type Components = { readonly schemas: Readonly<Record<string, JsonSchema>> };

export interface HttpDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Components;
}

export interface FrameDocument {
  readonly channels: Readonly<
    Record<string, { readonly messages: Readonly<Record<string, { readonly payload: JsonSchema }>> }>
  >;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { readonly $ref: string }[] }>
  >;
  readonly components: Components;
}

/** One sentence per breaking change. */
export function breakingChanges(old: HttpDocument, next: HttpDocument): string[] {
  return Object.entries(old.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, before]) => {
      const location = `${method.toUpperCase()} ${path}`;
      const after = next.paths[path]?.[method];
      if (after === undefined) return [`${location}: the operation was removed`];
      return operationChanges({ old, next, before, after, location });
    }),
  );
}

interface Pair {
  readonly old: HttpDocument;
  readonly next: HttpDocument;
  readonly before: Operation;
  readonly after: Operation;
  readonly location: string;
}

function operationChanges(pair: Pair): string[] {
  const { before, after, location } = pair;
  const changes: string[] = [];
  if (before.operationId !== after.operationId) {
    changes.push(`${location}: operationId was ${before.operationId} and is ${after.operationId}`);
  }
  const isPublic = (operation: Operation) => operation.security?.length === 0;
  if (isPublic(before) && !isPublic(after)) changes.push(`${location}: it needs a session now`);
  const callers = rolesOf(after);
  if (!isPublic(after)) {
    const excluded = rolesOf(before).filter((role) => !callers.includes(role));
    changes.push(...excluded.map((role) => `${location}: the role ${role} may no longer call it`));
  }
  return [...changes, ...parameterChanges(pair), ...bodyChanges(pair), ...responseChanges(pair)];
}

function rolesOf({ security }: Operation): readonly string[] {
  return (security ?? []).flatMap((scheme) => Object.values(scheme).flat());
}

function parameterChanges({ old, next, before, after, location }: Pair): string[] {
  const find = (parameters: readonly Parameter[] | undefined, { name, in: where }: Parameter) =>
    parameters?.find((parameter) => parameter.name === name && parameter.in === where);
  const added = (after.parameters ?? [])
    .filter((parameter) => parameter.required && find(before.parameters, parameter)?.required !== true)
    .map((parameter) => `${location}: the parameter ${parameter.name} became required`);
  const kept = (before.parameters ?? []).flatMap((parameter) => {
    const counterpart = find(after.parameters, parameter);
    if (counterpart === undefined) return [`${location}: the parameter ${parameter.name} was removed`];
    return schemaChanges(
      described(old, parameter.schema),
      described(next, counterpart.schema),
      'sent',
      `${location}, parameter ${parameter.name}`,
    );
  });
  return [...added, ...kept];
}

function bodyChanges({ old, next, before, after, location }: Pair): string[] {
  if (before.requestBody === undefined) {
    return after.requestBody === undefined ? [] : [`${location}: it needs a body now`];
  }
  if (after.requestBody === undefined) return [`${location}: it no longer accepts a body`];
  return contentChanges(old, before.requestBody, next, after.requestBody, 'sent', `${location}, body`);
}

function responseChanges({ old, next, before, after, location }: Pair): string[] {
  return Object.entries(before.responses).flatMap(([status, response]) => {
    const counterpart = after.responses[status];
    if (counterpart === undefined) return [`${location}: the answer ${status} was removed`];
    return contentChanges(old, response, next, counterpart, 'received', `${location}, answer ${status}`);
  });
}

function contentChanges(
  old: HttpDocument,
  before: Content,
  next: HttpDocument,
  after: Content,
  direction: Direction,
  location: string,
): string[] {
  return Object.entries(before.content ?? {}).flatMap(([mediaType, { schema }]) => {
    const counterpart = after.content?.[mediaType]?.schema;
    if (counterpart === undefined) return [`${location}: ${mediaType} was removed`];
    return schemaChanges(described(old, schema), described(next, counterpart), direction, location);
  });
}

export function breakingFrameChanges(old: FrameDocument, next: FrameDocument): string[] {
  const received = new Set(
    Object.values(old.operations)
      .filter((operation) => operation.action === 'receive')
      .flatMap((operation) => operation.messages.map((message) => message.$ref)),
  );
  return Object.entries(old.channels).flatMap(([channel, { messages }]) =>
    Object.entries(messages).flatMap(([name, before]) => {
      const after = next.channels[channel]?.messages[name];
      if (after === undefined) return [`${channel} ${name}: the message was removed`];
      const direction = received.has(`#/channels/${channel}/messages/${name}`) ? 'sent' : 'received';
      return schemaChanges(
        described(old, before.payload),
        described(next, after.payload),
        direction,
        `${channel} ${name}`,
      );
    }),
  );
}

function described(document: { readonly components: Components }, schema: JsonSchema): Described {
  return { schema, components: document.components.schemas };
}
