import type { currentDocuments } from '../../shared/contract/documents/current.ts';
import { frameIntroduction, httpIntroduction } from '../../shared/contract/documents/introduction.ts';
import type { JsonSchema } from '../../shared/contract/documents/json-schema.ts';
import { anchor, escapeHtml, inline, paragraphs } from './html.ts';
import { renderPage } from './page.ts';
import {
  actionSection,
  messageSection,
  operationSection,
  problemSection,
  schemaSection,
} from './reference-sections.ts';
import type { FrameMessage, HttpOperation } from './reference-sections.ts';

type Documents = ReturnType<typeof currentDocuments>;

interface HttpEntry {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly operation: HttpOperation;
}

export function referencePage(documents: Documents): string {
  const { openapi, asyncapi, problems } = documents;
  const http = httpEntries(openapi);
  const socket = asyncapi.channels.socket.messages as Record<string, FrameMessage>;
  const bus = asyncapi.channels.bus.messages as Record<string, FrameMessage>;
  const operations = asyncapi.operations as Record<string, { action: string; summary: string; description?: string }>;
  const actions = Object.entries(operations).filter(([, operation]) => operation.action === 'receive');
  const serverEvents = Object.keys(operations).filter((name) => operations[name]?.action === 'send' && name in socket);
  const schemas = { ...asyncapi.components.schemas, ...openapi.components.schemas } as Record<string, JsonSchema>;

  const frames = actions.map(([name, operation]) => {
    const error = socket[`${name}.error`] as FrameMessage;
    const answer = Object.keys(socket).find((key) => key.startsWith(`${name}.`) && key !== `${name}.error`) ?? '';
    return {
      name,
      operation,
      request: socket[name] as FrameMessage,
      answer: socket[answer] as FrameMessage,
      problems: error.examples.map((example) => example.name ?? ''),
    };
  });
  const responses = http.map(
    ({ operation: { operationId, responses: all } }) => [operationId, JSON.stringify(all)] as const,
  );
  const linksOf = (problem: string) => [
    ...responses
      .filter(([, text]) => text.includes(`#/components/examples/${problem}"`))
      .map(([operationId]) => link('operation', operationId)),
    ...frames.filter((frame) => frame.problems.includes(problem)).map((frame) => link('action', frame.name)),
  ];

  const groups = openapi.tags.map(({ name, description }) => ({
    name,
    description,
    entries: http.filter((entry) => entry.tag === name),
  }));
  const main = `<h1>Reference</h1>
<p class="lead">HTTP operations, WebSocket frames, events and problems of Switchboard ${escapeHtml(openapi.info.version)}.</p>
<section aria-labelledby="http"><h2 id="http">HTTP</h2>
${paragraphs(httpIntroduction)}
${groups
  .map(
    ({ name, description, entries }) => `<h3 id="${anchor('group', name)}">${escapeHtml(name)}</h3>
<p>${inline(description)}</p>
${entries.map(({ method, path, operation }) => operationSection(method, path, operation)).join('\n')}`,
  )
  .join('\n')}
</section>
<section aria-labelledby="socket"><h2 id="socket">WebSocket</h2>
${paragraphs(frameIntroduction)}
${paragraphs(asyncapi.channels.socket.description)}
<h3 id="connecting">Connecting</h3>
<ul>${Object.values(asyncapi.components.securitySchemes)
    .map((scheme) => `<li><code>${escapeHtml(scheme.name)}</code>: ${inline(scheme.description)}</li>`)
    .join('')}</ul>
<h3 id="actions">Frames to the server</h3>
${frames.map((frame) => actionSection(frame.name, frame.operation, frame)).join('\n')}
<h3 id="serverEvents">Server events</h3>
${serverEvents.map((name) => messageSection('serverEvent', name, socket[name] as FrameMessage)).join('\n')}
</section>
<section aria-labelledby="events"><h2 id="events">Events on the bus</h2>
${paragraphs(asyncapi.channels.bus.description)}
${Object.entries(bus)
  .map(([name, message]) => messageSection('event', name, message))
  .join('\n')}
</section>
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p>The body of an error is a <a href="#schema-Problem">Problem</a>. Its <code>type</code> is the address of a section below.</p>
${problems.map((problem) => problemSection(problem, linksOf(problem.name))).join('\n')}
</section>
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${Object.entries(schemas)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, schema]) => schemaSection(name, schema))
  .join('\n')}
</section>`;

  const aside = [
    contents(
      'http',
      'HTTP',
      groups.flatMap(({ entries }) => entries.map(({ operation }) => ['operation', operation.operationId] as const)),
    ),
    contents('socket', 'WebSocket', [
      ...frames.map((frame) => ['action', frame.name] as const),
      ...serverEvents.map((name) => ['serverEvent', name] as const),
    ]),
    contents(
      'events',
      'Events',
      Object.keys(bus).map((name) => ['event', name] as const),
    ),
    contents(
      'problems',
      'Problems',
      problems.map((problem) => ['problem', problem.name] as const),
    ),
    contents(
      'schemas',
      'Schemas',
      Object.keys(schemas)
        .sort()
        .map((name) => ['schema', name] as const),
    ),
  ].join('\n');
  return renderPage({
    title: 'Reference · Switchboard',
    description: 'HTTP operations, WebSocket frames, events and problems of Switchboard.',
    path: '/reference',
    main,
    aside,
  });
}

function httpEntries(openapi: Documents['openapi']): HttpEntry[] {
  return Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { tags } = operation as { tags: readonly string[] };
      return { method, path, tag: tags[0] ?? '', operation: operation as HttpOperation };
    }),
  );
}

function contents(id: string, name: string, entries: readonly (readonly [kind: string, name: string])[]): string {
  const items = entries.map(([kind, entry]) => `<li>${link(kind, entry)}</li>`);
  return `<p><a href="#${id}">${name}</a></p><ul>${items.join('')}</ul>`;
}

function link(kind: string, name: string): string {
  return `<a href="#${anchor(kind, name)}">${escapeHtml(name)}</a>`;
}
