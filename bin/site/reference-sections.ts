import type { ProblemDefinition } from '../../shared/contract/kit/define-problem.ts';
import type { JsonSchema } from '../../shared/contract/documents/json-schema.ts';
import { anchor, escapeHtml, inline, jsonBlock, paragraphs } from './html.ts';
import { parameterTable, schemaTable } from './schema-table.ts';

export interface HttpOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, MediaType>> }>
  >;
}
interface MediaType {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface FrameMessage {
  readonly title: string;
  readonly summary: string;
  readonly payload: JsonSchema;
  readonly examples: readonly { readonly name?: string; readonly payload: unknown }[];
}

const anyOf = new Intl.ListFormat('en', { type: 'disjunction' });

export function operationSection(method: string, path: string, operation: HttpOperation): string {
  const roles = operation.security.flatMap((scheme) => Object.values(scheme).flat());
  const parameters = (operation.parameters ?? []).map((parameter) => ({
    ...parameter,
    schema: {
      ...parameter.schema,
      ...(parameter.description === undefined ? {} : { description: parameter.description }),
    },
  }));
  const name = operation.operationId;
  const parts = [
    `<h4>${escapeHtml(operation.summary)} ${selfLink(anchor('operation', name), operation.summary)}</h4>`,
    `<p class="address"><span class="method ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></p>`,
    operation.description === undefined ? '' : paragraphs(operation.description),
    `<p class="access">${roles.length === 0 ? 'Requires no session.' : `Requires a session with the role ${anyOf.format(roles)}.`}</p>`,
  ];
  for (const [location, caption] of [
    ['path', 'Path parameters'],
    ['query', 'Query parameters'],
  ] as const) {
    const rows = parameters.filter((parameter) => parameter.in === location);
    if (rows.length > 0) parts.push(parameterTable(rows, `${caption} of ${name}`));
  }
  const body = operation.requestBody?.content['application/json'];
  if (body !== undefined) parts.push(schemaTable(body.schema, `Body of ${name}`), example('Body', name, body.example));
  for (const [status, response] of Object.entries(operation.responses).filter(([status]) => status < '300')) {
    const media = response.content?.['application/json'];
    parts.push(`<h5>${status} ${escapeHtml(response.description)}</h5>`);
    if (media !== undefined) {
      parts.push(
        schemaTable(media.schema, `Answer ${status} of ${name}`),
        example(`Answer ${status}`, name, media.example),
      );
    }
  }
  const problems = Object.values(operation.responses).flatMap((response) =>
    Object.keys(response.content?.['application/problem+json']?.examples ?? {}),
  );
  parts.push(problemLinks(problems));
  return section(anchor('operation', name), parts);
}

export function actionSection(
  name: string,
  operation: { summary: string; description?: string },
  messages: {
    readonly request: FrameMessage;
    readonly answer: FrameMessage;
    readonly problems: readonly string[];
  },
): string {
  const { request, answer, problems } = messages;
  const data = request.payload.properties?.['data'];
  const answered = answer.payload.properties?.['data'];
  return section(anchor('action', name), [
    `<h4><code>${escapeHtml(name)}</code> ${escapeHtml(operation.summary)} ${selfLink(anchor('action', name), name)}</h4>`,
    operation.description === undefined ? '' : paragraphs(operation.description),
    data?.properties === undefined || Object.keys(data.properties).length === 0
      ? '<p>Its <code>data</code> is empty and optional.</p>'
      : schemaTable(data, `data of ${name}`),
    example('Frame', name, request.examples[0]?.payload),
    `<h5>Answer <code>${escapeHtml(String(answer.payload.properties?.['type']?.const))}</code></h5>`,
    answered === undefined ? '' : schemaTable(answered, `data of the answer to ${name}`),
    example('Answer', name, answer.examples[0]?.payload),
    problemLinks(problems),
  ]);
}

export function messageSection(kind: 'serverEvent' | 'event', name: string, message: FrameMessage): string {
  const data = message.payload.properties?.['data'];
  const level = kind === 'serverEvent' ? 'h4' : 'h3';
  return section(anchor(kind, name), [
    `<${level}><code>${escapeHtml(name)}</code> ${selfLink(anchor(kind, name), name)}</${level}>`,
    `<p>${sentence(message.summary)}</p>`,
    data === undefined ? '' : schemaTable(data, `data of ${name}`),
    example('Frame', name, message.examples[0]?.payload),
  ]);
}

export function problemSection(problem: ProblemDefinition, links: readonly string[]): string {
  return section(`problem-${problem.name}`, [
    `<h3><code>${problem.code}</code> ${escapeHtml(problem.title)} ${selfLink(`problem-${problem.name}`, problem.code)}</h3>`,
    `<p>Status ${problem.status}. ${problem.retryable ? 'A retry of the same request may succeed.' : 'A retry of the same request will not succeed.'}</p>`,
    paragraphs(problem.description),
    links.length === 0 ? '' : `<p class="places">Returned by ${links.join(', ')}.</p>`,
  ]);
}

export function schemaSection(name: string, schema: JsonSchema): string {
  return section(anchor('schema', name), [
    `<h3>${escapeHtml(name)} ${selfLink(anchor('schema', name), name)}</h3>`,
    schema.description === undefined ? '' : `<p>${sentence(schema.description)}</p>`,
    schemaTable(schema, `Fields of ${name}`),
  ]);
}

/** Adds a missing full stop. */
function sentence(text: string): string {
  return inline(text.endsWith('.') ? text : `${text}.`);
}

function section(id: string, parts: readonly string[]): string {
  return `<section class="entry" id="${id}">\n${parts.filter((part) => part !== '').join('\n')}\n</section>`;
}

function selfLink(id: string, name: string): string {
  return `<a class="self" href="#${id}" aria-label="Link to ${escapeHtml(name)}">#</a>`;
}

function problemLinks(names: readonly string[]): string {
  const links = names.map(
    (name) => `<a href="#problem-${name}"><code>${name.toUpperCase().replaceAll('-', '_')}</code></a>`,
  );
  return `<p class="problems">Errors: ${links.join(', ')}.</p>`;
}

function example(title: string, name: string, value: unknown): string {
  if (value === undefined) return '';
  return `<details><summary>${title}, an example</summary>\n${jsonBlock(value, `${title} of ${name}, an example`)}\n</details>`;
}
