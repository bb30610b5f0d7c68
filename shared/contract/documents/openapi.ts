import { problemBody } from '../kit/define-problem.ts';
import type { ProblemDefinition } from '../kit/define-problem.ts';
import type { Chapter, Idempotency, RawBody, Route, Schema } from '../kit/define-route.ts';
import { exampleOf } from './example.ts';
import { schemaWriter, sortedByName } from './json-schema.ts';
import type { JsonSchema, SchemaWriter } from './json-schema.ts';
import { allProblems, exampleOfProblem, problemsOfRoute } from './problems-of.ts';
import { rolesThatMay } from './roles-that-may.ts';

export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

const repetition: Readonly<Partial<Record<Idempotency, string>>> = {
  yes: 'Idempotent: a repeated request leaves the same state.',
  no: 'Not idempotent: a repeated request is processed again.',
};

const answerHeaders = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
const refusalHeaders = { ...answerHeaders, 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };

const successMeaning: Readonly<Record<string, string>> = {
  200: 'Success',
  201: 'Created',
  202: 'Accepted: the service completes the request soon',
  204: 'Success, without a body',
};

/** https://spec.openapis.org/oas/v3.1.1.html */
export function openApiDocument(chapters: Readonly<Record<string, Chapter>>, info: DocumentInfo) {
  const writer = schemaWriter();
  const all = Object.values(chapters).flatMap(({ routes }) => routes);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, { routes }] of Object.entries(chapters)) {
    for (const route of routes) {
      (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, headingOf(name), writer);
    }
  }
  writer.write(problemBody);
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    // Relative to the document's address.
    servers: [{ url: '/' }],
    tags: Object.entries(chapters).map(([name, { description }]) => ({ name: headingOf(name), description })),
    paths,
    components: {
      schemas: sortedByName(writer.components),
      examples: Object.fromEntries(
        allProblems(all, []).map((problem) => [
          problem.name,
          { summary: problem.title, description: problem.description, value: exampleOfProblem(problem) },
        ]),
      ),
      headers: {
        RequestId: {
          description: 'Id of the request. Quote it to support, who can find the request in the logs.',
          schema: { type: 'string' },
        },
        RetryAfter: {
          description: '`retryAfterMs` of the problem, in whole seconds',
          schema: { type: 'integer' },
        },
      },
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `accessToken` of a login or a refresh. It is valid for 15 minutes.',
        },
      },
    },
  };
}

function headingOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}

function operation(route: Route, tag: string, writer: SchemaWriter) {
  const query = writer.write(route.query);
  const parameters = [
    ...Object.entries(route.params).map(([name, schema]) => parameter('path', name, writer.write(schema), true)),
    ...Object.entries(query.properties ?? {}).map(([name, schema]) =>
      parameter('query', name, schema, query.required?.includes(name) ?? false),
    ),
  ];
  const sentences = [route.description, repetition[route.idempotent]].filter((sentence) => sentence !== undefined);
  return {
    operationId: route.operationId,
    tags: [tag],
    summary: route.summary,
    ...(sentences.length === 0 ? {} : { description: sentences.join(' ') }),
    // OpenAPI 3.1 allows role names for schemes without scopes.
    security: route.access === 'public' ? [] : [{ accessToken: rolesThatMay(route.access) }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.rawBody === undefined ? {} : { requestBody: requestBodyOf(route.rawBody) }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': media(route.body, writer) } } }),
    responses: { ...successes(route, writer), ...refusals(problemsOfRoute(route)) },
  };
}

function requestBodyOf({ description, example }: RawBody) {
  return { description, required: true, content: { 'application/json': { schema: { type: 'object' }, example } } };
}

function parameter(location: 'path' | 'query', name: string, written: JsonSchema, required: boolean) {
  const { description, ...schema } = written;
  return { name, in: location, required, ...(description === undefined ? {} : { description }), schema };
}

function media(schema: Schema, writer: SchemaWriter) {
  const written = writer.write(schema);
  return { schema: written, example: exampleOf(written, writer.components) };
}

function successes(route: Route, writer: SchemaWriter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      {
        description: successMeaning[status] ?? 'Success',
        headers: answerHeaders,
        ...(schema === null ? {} : { content: { 'application/json': media(schema, writer) } }),
      },
    ]),
  );
}

function refusals(problems: readonly ProblemDefinition[]): Record<string, unknown> {
  const byStatus = Map.groupBy(problems, (problem) => problem.status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((problem) => `\`${problem.code}\`: ${problem.title}.`).join(' '),
        headers: group.some((problem) => problem.retryable) ? refusalHeaders : answerHeaders,
        content: {
          'application/problem+json': {
            schema: {
              allOf: [{ $ref: '#/components/schemas/Problem' }],
              properties: {
                status: { const: status },
                code: { enum: group.map((problem) => problem.code) },
              },
            },
            examples: Object.fromEntries(
              group.map((problem) => [problem.name, { $ref: `#/components/examples/${problem.name}` }]),
            ),
          },
        },
      },
    ]),
  );
}
