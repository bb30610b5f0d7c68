import * as z from 'zod/mini';
import { userId } from './ids.ts';
import { priority, tags, teamId } from './support.ts';
import { templateId } from './template.ts';
import { oneLine, recognisableName, text, visible } from './text.ts';

/** RFC 6901. */
const pointer = text(
  z.maxLength(200),
  z.regex(/^(?:\/(?:[^/~]|~[01])*)*$/, 'must be a JSON pointer, such as /labels/severity'),
);

const scalar = z.union([text(z.maxLength(200)), z.number(), z.boolean()]);
const condition = z
  .strictObject({
    pointer: pointer.check(
      z.meta({
        description:
          'JSON pointer (RFC 6901) into the incident. `/payload` is the whole payload, and `/item` the part that the incident comes from.',
        examples: ['/labels/severity'],
      }),
    ),
    equals: z.optional(scalar),
    in: z.optional(z.array(scalar).check(z.minLength(1), z.maxLength(20))),
    exists: z.optional(z.boolean()),
    startsWith: z.optional(text(z.minLength(1), z.maxLength(200))),
  })
  .check(
    z.refine(
      ({ equals, in: list, exists, startsWith }) =>
        [equals, list, exists, startsWith].filter((operator) => operator !== undefined).length === 1,
      { path: ['equals'], error: 'send exactly one of equals, in, exists and startsWith' },
    ),
  )
  .register(z.globalRegistry, {
    id: 'IncidentCondition',
    description: 'Send exactly one of `equals`, `in`, `exists` and `startsWith`.',
    examples: [{ pointer: '/labels/severity', in: ['critical', 'page'] }],
  });
export type IncidentCondition = z.output<typeof condition>;

const placeholders =
  '`{{labels.service}}` is a member of the incident, `{{/payload/groupKey}}` a JSON pointer, and `{{labels.zone|none}}` has a value for a missing member.';

export const closeModes = ['post-only', 'resolve-if-unanswered'] as const;
export type CloseMode = (typeof closeModes)[number];

const opening = z.strictObject({
  title: z.optional(
    text(
      z.trim(),
      z.minLength(1),
      z.maxLength(300),
      oneLine,
      visible,
      z.meta({
        description: `Subject of the conversation. ${placeholders} By default, the incident’s title.`,
        examples: ['{{labels.alertname}} on {{labels.instance|unknown}}'],
      }),
    ),
  ),
  message: z.optional(
    text(
      z.minLength(1),
      z.maxLength(2000),
      visible,
      z.meta({ description: `First message. ${placeholders}`, examples: ['{{body}}'] }),
    ),
  ),
  templateId: z.optional(templateId.check(z.describe('The template that the conversation begins with'))),
  teamId: z.optional(teamId.check(z.describe('The team that should answer'))),
  priority: z.optional(priority.check(z.describe('By default, by the severity of the incident'))),
  tags: z.optional(tags),
  skills: z.optional(tags.check(z.describe('Skills that the agent needs'))),
  onBehalfOf: z.optional(
    userId.check(z.describe('The user who takes part as the customer. By default, the conversation has no customer.')),
  ),
  close: z._default(
    z
      .enum(closeModes)
      .check(
        z.describe(
          'At the end of the incident, the service writes a message. With `resolve-if-unanswered`, it also ends the conversation unless a person wrote in the last ten minutes.',
        ),
      ),
    'post-only',
  ),
});

export const incidentRule = z
  .strictObject({
    name: recognisableName(60).check(z.meta({ description: 'For people', examples: ['Critical alerts'] })),
    when: z._default(
      z
        .array(condition)
        .check(z.maxLength(10), z.describe('All must hold. A rule without conditions fits every incident.')),
      [],
    ),
    then: z._default(opening.check(z.describe('The conversation that the rule opens')), { close: 'post-only' }),
  })
  .register(z.globalRegistry, {
    id: 'IncidentRule',
    description: 'Decides whether an incident opens a conversation, and which one',
    examples: [
      {
        name: 'Critical alerts',
        when: [{ pointer: '/labels/severity', in: ['critical', 'page'] }],
        then: {
          title: '{{labels.alertname}} on {{labels.instance|unknown}}',
          priority: 'urgent',
          tags: ['outage'],
          close: 'resolve-if-unanswered',
        },
      },
    ],
  });
export type IncidentRule = z.output<typeof incidentRule>;

export const incidentRules = z
  .array(incidentRule)
  .check(
    z.maxLength(50),
    z.describe('The first rule that fits an incident decides. An incident that no rule fits is `unrouted`.'),
  );

export const grouping = z
  .strictObject({
    windowSeconds: z._default(
      z.int().check(z.minimum(10), z.maximum(3600), z.describe('Length of a window, from 10 to 3600')),
      60,
    ),
    most: z._default(
      z
        .int()
        .check(
          z.minimum(1),
          z.maximum(100),
          z.describe('Conversations that the source opens in a window, and messages that it writes into each'),
        ),
      10,
    ),
  })
  .check(
    z.meta({
      description:
        'Limits a storm of alerts. Further incidents of a window share one conversation, in which one message counts them.',
      examples: [{ windowSeconds: 60, most: 10 }],
    }),
  );
export type Grouping = z.output<typeof grouping>;

const words = z.array(text(z.minLength(1), z.maxLength(100))).check(z.minLength(1), z.maxLength(20));
/** Where a `generic` payload has the members of an incident. */
export const mapping = z
  .strictObject({
    each: z.optional(
      pointer.check(
        z.meta({ description: 'The list of incidents. Without it, the payload is one.', examples: ['/alerts'] }),
      ),
    ),
    incidentKey: z._default(pointer.check(z.meta({ examples: ['/fingerprint'] })), '/incidentKey'),
    event: z._default(pointer.check(z.meta({ examples: ['/status'] })), '/event'),
    opens: z._default(words.check(z.describe('Values of `event` that open')), ['open']),
    closes: z._default(words.check(z.describe('Values of `event` that close')), ['close']),
    title: z._default(pointer, '/title'),
    body: z._default(pointer, '/body'),
    url: z._default(pointer, '/url'),
    severity: z._default(pointer, '/severity'),
    occurredAt: z._default(pointer, '/occurredAt'),
    labels: z._default(pointer, '/labels'),
  })
  .check(
    z.meta({
      description: 'JSON pointers (RFC 6901) of a `generic` source, relative to each incident',
      examples: [{ each: '/alerts', incidentKey: '/id', event: '/state', opens: ['down'], closes: ['up'] }],
    }),
  );
export type Mapping = z.output<typeof mapping>;
