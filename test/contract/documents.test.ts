import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import packageDescription from '../../package.json' with { type: 'json' };
import { currentDocuments, serialised } from '../../shared/contract/documents/current.ts';
import { answerFrame, busDetail, serverEventFrame, requestFrame } from '../../shared/contract/documents/frames.ts';
import { problemsOfRoute } from '../../shared/contract/documents/problems-of.ts';
import { problemBody } from '../../shared/contract/kit/define-problem.ts';
import type { Chapter, Schema } from '../../shared/contract/kit/define-route.ts';
import { actions, chapters, events, serverEvents, routes } from '../../shared/contract/registry.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly { name: string; in: string; schema: Record<string, unknown> }[];
  readonly requestBody?: { content: Record<string, { example: unknown }> };
  readonly responses: Readonly<
    Record<string, { content?: Record<string, { example?: unknown; examples?: Record<string, unknown> }> }>
  >;
}

const { openapi, asyncapi, methodsByPath, problems } = currentDocuments(packageDescription.version);
const paths = openapi.paths as Record<string, Record<string, Operation>>;
const operationOf = (route: { path: string; method: string }) => paths[route.path]?.[route.method.toLowerCase()];

describe('the chapters of the documents', () => {
  const all: readonly (readonly [string, Chapter])[] = Object.entries(chapters);

  it.each(all)('has the operations of the folder with its name: %s', (name, chapter) => {
    const folder = join(import.meta.dirname, '../../shared/contract', name);
    const texts = globSync('*.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
    const defined = texts.flatMap((text) => [...text.matchAll(/operationId: '(\w+)'/g)].map(([, id = '']) => id));
    expect(chapter.routes.map(({ operationId }) => operationId).sort()).toEqual(defined.sort());
  });

  it('has every operation that a function serves', () => {
    const operations = all.flatMap(([, chapter]) => chapter.routes);
    expect(new Set(operations)).toEqual(new Set(routes));
    expect(operations).toHaveLength(routes.length);
  });
});

describe('the committed documents', () => {
  it.each([
    ['openapi.json', openapi],
    ['asyncapi.json', asyncapi],
  ])('derives docs/%s from the contract (to update it: npm run documents)', async (file, document) => {
    const committed = await readFile(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    expect(committed === serialised(document)).toBe(true);
  });

  it('derives shared/transport/methods-by-path.json from the contract (to update it: npm run documents)', async () => {
    const committed = await readFile(new URL('../../shared/transport/methods-by-path.json', import.meta.url), 'utf8');
    expect(committed).toBe(serialised(methodsByPath));
  });

  it('includes a valid OpenAPI 3.1 document', async () => {
    expect(await new Validator().validate(structuredClone(openapi))).toMatchObject({ valid: true });
  });

  it('includes a valid AsyncAPI 3.0 document that its parser resolves', async () => {
    // The rule validates every copy of a schema again, which doubles the time. The next test checks the references.
    const ruleset = { extends: [], rules: { 'asyncapi-document-resolved': 'off' as const } };
    const { document, diagnostics } = await new Parser({ ruleset }).parse(serialised(asyncapi));
    const errors = diagnostics
      .filter(({ severity }) => Number(severity) <= 1)
      .map(({ message, path }) => ({ message, path }));
    expect(errors).toEqual([]);
    expect(document?.operations().all()).toHaveLength(actions.length + serverEvents.length + events.length);
  });

  it('includes an AsyncAPI document whose references have targets of their kind', () => {
    const kinds: Readonly<Record<string, RegExp>> = {
      channel: /^#\/channels\/[^/]+$/,
      messages: /^#\/channels\/[^/]+\/messages\/[^/]+$/,
      servers: /^#\/servers\/[^/]+$/,
      security: /^#\/components\/securitySchemes\/[^/]+$/,
    };
    const visit = (value: unknown, path: readonly string[]): void => {
      if (typeof value !== 'object' || value === null) return;
      const { $ref } = value as { $ref?: unknown };
      // A list of references, or one.
      const place = path.findLast((name) => !/^\d+$/.test(name)) ?? '';
      const isInSchema = path.includes('payload') || path.includes('schemas');
      const kind = isInSchema ? /^#\/components\/schemas\/[^/]+$/ : kinds[place];
      if (typeof $ref === 'string') expect($ref, path.join('/')).toMatch(kind ?? /a kind of this place/);
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
    };
    visit(asyncapi, []);
  });

  it('has a target for every reference', () => {
    for (const document of [openapi, asyncapi]) {
      for (const [, reference = ''] of serialised(document).matchAll(/"\$ref": "([^"]+)"/g)) {
        const target = reference
          .slice(2)
          .split('/')
          .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], document);
        expect(target, reference).toBeDefined();
      }
    }
  });
});

describe('the OpenAPI document', () => {
  it('has every route of the registry, and nothing else', () => {
    const documented = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((each) => each.operationId),
    );
    expect(documented.sort()).toEqual(routes.map((route) => route.operationId).sort());
  });

  it.each(routes.map((route) => [route.operationId, route] as const))(
    '%s has its session, its statuses and each of its problems',
    (_name, route) => {
      const operation = operationOf(route);
      expect(operation?.security).toHaveLength(route.access === 'public' ? 0 : 1);
      for (const status of Object.keys(route.responses)) expect(operation?.responses).toHaveProperty(status);
      for (const problem of [...route.problems, ...problemsOfRoute(route)]) {
        const answer = operation?.responses[problem.status]?.content?.['application/problem+json'];
        expect(Object.keys(answer?.examples ?? {})).toContain(problem.name);
      }
    },
  );

  it.each(routes.map((route) => [route.operationId, route] as const))('%s has valid examples', (_name, route) => {
    const operation = operationOf(route);
    if (route.body !== undefined) {
      expectValid(route.body, operation?.requestBody?.content['application/json']?.example);
    }
    for (const [status, schema] of Object.entries(route.responses)) {
      if (schema !== null) {
        expectValid(schema, operation?.responses[status]?.content?.['application/json']?.example);
      }
    }
  });

  it('describes numbers in paths and queries as integers with their limits', () => {
    const parameters = paths['/api/v1/conversations/{conversationId}/messages']?.['get']?.parameters;
    const schemas = Object.fromEntries((parameters ?? []).map(({ name, schema }) => [name, schema]));
    expect(schemas).toMatchObject({
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
      after: { type: 'integer', minimum: 0 },
      before: { type: 'integer', minimum: 1 },
      conversationId: { type: 'string' },
    });
  });

  it('keeps answers open and requests closed', () => {
    const { Message, NewMessage } = openapi.components.schemas;
    expect(Message).not.toHaveProperty('additionalProperties');
    expect(NewMessage).toHaveProperty('additionalProperties', false);
  });

  it('names the schemas that several operations share', () => {
    const names = ['Conversation', 'FieldError', 'Message', 'NewMessage', 'Participant', 'Problem', 'Tokens', 'User'];
    expect(Object.keys(openapi.components.schemas)).toEqual(expect.arrayContaining(names));
    expect(JSON.stringify(paths)).toContain('"$ref":"#/components/schemas/Message"');
  });
});

describe('the AsyncAPI document', () => {
  const socket = asyncapi.channels.socket.messages as Record<string, { examples: { payload: unknown }[] }>;
  const bus = asyncapi.channels.bus.messages as Record<string, { examples: { payload: unknown }[] }>;
  const frames: [string, Schema, unknown][] = [
    ...actions.flatMap((action): [string, Schema, unknown][] => [
      [action.action, requestFrame(action), socket[action.action]?.examples[0]?.payload],
      [
        `${action.action}.${action.answer.type}`,
        answerFrame(action),
        socket[`${action.action}.${action.answer.type}`]?.examples[0]?.payload,
      ],
    ]),
    ...serverEvents.map((serverEvent): [string, Schema, unknown] => [
      serverEvent.type,
      serverEventFrame(serverEvent),
      socket[serverEvent.type]?.examples[0]?.payload,
    ]),
    ...events.map((event): [string, Schema, unknown] => [
      `bus ${event.type}`,
      busDetail(event),
      bus[event.type]?.examples[0]?.payload,
    ]),
  ];
  it.each(frames)('%s has a valid example', (_name, schema, example) => {
    expectValid(schema, example);
  });
});

describe('the problems', () => {
  it('has a unique name and code for each problem', () => {
    expect(new Set(problems.map((problem) => problem.name)).size).toBe(problems.length);
    expect(new Set(problems.map((problem) => problem.code)).size).toBe(problems.length);
  });

  it('has a valid example of each problem', () => {
    const examples = Object.values(openapi.components.examples);
    expect(examples.length).toBeGreaterThan(20);
    for (const { value } of examples) expectValid(problemBody, value);
  });
});

function expectValid(schema: Schema, example: unknown): void {
  const result = schema.safeParse(example);
  expect(result.success ? [] : result.error.issues).toEqual([]);
}
