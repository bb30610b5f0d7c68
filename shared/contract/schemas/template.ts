import * as z from 'zod/mini';
import { id, timestamp } from './ids.ts';
import { longestValue, placeholdersIn, renderPlaceholders } from './placeholder.ts';
import { isVisible, nameDescription, recognisableName, text, visible } from './text.ts';

/** UTF-16 code units. */
const longestTemplateText = 4000;
const mostPlaceholders = 50;
const mostFields = 30;
const mostOptions = 50;
/** Bytes of the fields as JSON. With the text, a page of 100 templates stays below Lambda's 6 MB. */
const mostFieldBytes = 16_384;
const mostValues = 100;

export const templateId = id.check(
  z.meta({ description: 'Id of the template, a ULID', examples: ['01KAJ7F5TMAP4R7V0X3Z6B8D1F'] }),
);
export const templateScope = z.enum(['tenant', 'global']).register(z.globalRegistry, {
  id: 'TemplateScope',
  description:
    'Templates of a `tenant` belong to one tenant. `global` templates belong to the platform, and every tenant reads them.',
  examples: ['tenant'],
});
export type TemplateScope = z.infer<typeof templateScope>;

export const templateKind = z.enum(['reply', 'form']).register(z.globalRegistry, {
  id: 'TemplateKind',
  description: 'A `reply` is a text to send. A `form` is a text with fields that the other party fills in.',
  examples: ['reply'],
});
export type TemplateKind = z.infer<typeof templateKind>;

export const templateKey = text(
  z.regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, 'must be 1 to 60 lower-case letters, digits and hyphens'),
  z.meta({
    description:
      'Stable name for files and integrations: 1 to 60 lower-case letters, digits and hyphens. Unique together with the language.',
    examples: ['log-upload-request'],
  }),
);
export const templateName = recognisableName(100).check(
  z.meta({ description: nameDescription, examples: ['Log upload request'] }),
);
export const templateTopic = recognisableName(60).check(
  z.meta({ description: `Folder of the template. ${nameDescription}`, examples: ['Diagnostics'] }),
);
export const templateLanguage = text(
  z.regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/, 'must be a language tag such as en or pt-BR'),
  z.meta({
    description: 'Language tag (BCP 47): language, script and region',
    examples: ['en'],
  }),
);
export const templateShortcut = text(
  z.regex(/^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/, 'must be 1 to 30 lower-case letters, digits and hyphens'),
  z.meta({
    description:
      'Word that an agent types to find the template: 1 to 30 lower-case letters, digits and hyphens. Unique together with the language, in the tenant and among the global templates.',
    examples: ['logs'],
  }),
);
export const templateText = text(
  z.minLength(1),
  z.maxLength(longestTemplateText),
  visible,
  z.refine<string>(
    (value) => placeholdersIn(value).length <= mostPlaceholders,
    `must have at most ${mostPlaceholders} placeholders`,
  ),
  z.refine<string>(
    (value) => isVisible(renderPlaceholders(value, {}).text),
    'must contain something visible besides placeholders with an empty default',
  ),
  z.meta({
    description: `At most ${longestTemplateText} characters, with at most ${mostPlaceholders} placeholders: \`{name}\`, or \`{name|default}\`. A name has letters, digits, dots, hyphens and underscores, and begins with a letter. A backslash before a placeholder shows it as it is written. All other braces are plain text.`,
    examples: ['Hello {customer|there}, please upload the logs of {host}.'],
  }),
);

export const templateFieldTypes = ['text', 'dropdown', 'date', 'number', 'file'] as const;

const fieldMembers = {
  id: text(
    z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be a letter and at most 39 letters, digits, hyphens or underscores'),
    z.meta({ description: 'Name of the answer, unique in the form', examples: ['severity'] }),
  ),
  type: z.enum(templateFieldTypes).check(
    z.meta({
      description:
        'The answer to a `text`, a `dropdown` and a `date` (such as 2026-11-21) is a text, to a `number` a number, and to a `file` the id of an attachment.',
      examples: ['dropdown'],
    }),
  ),
  label: recognisableName(200).check(
    z.meta({ description: `The question. ${nameDescription}`, examples: ['How severe is it?'] }),
  ),
  help: z.optional(
    text(z.minLength(1), z.maxLength(500), visible, z.meta({ description: 'Explanation of the question' })),
  ),
  required: z.optional(z.boolean().check(z.meta({ description: 'Defaults to false', examples: [true] }))),
  options: z.optional(
    z.array(recognisableName(100)).check(
      z.minLength(1),
      z.maxLength(mostOptions),
      z.refine(
        (options) => new Set(options.map((option) => option.normalize())).size === options.length,
        'must not contain an option twice',
      ),
      z.meta({
        description: `Of a dropdown, which requires them: at most ${mostOptions}`,
        examples: [['Low', 'High']],
      }),
    ),
  ),
  minimum: z.optional(z.number().check(z.meta({ description: 'Of a number', examples: [0] }))),
  maximum: z.optional(z.number().check(z.meta({ description: 'Of a number', examples: [100] }))),
  maxLength: z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.maximum(2000),
        z.meta({ description: 'Of a text, in characters. Defaults to 1000.', examples: [200] }),
      ),
  ),
};

const membersOfType = {
  text: ['maxLength'],
  dropdown: ['options'],
  date: [],
  number: ['minimum', 'maximum'],
  file: [],
} as const satisfies Readonly<Record<(typeof templateFieldTypes)[number], readonly (keyof typeof fieldMembers)[]>>;

type FieldMembers = z.infer<z.ZodMiniObject<typeof fieldMembers>>;

function checkField({ value, issues }: z.core.ParsePayload<FieldMembers>): void {
  const report = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  const { type, options, minimum, maximum } = value;
  const allowed: readonly string[] = membersOfType[type];
  for (const member of ['options', 'minimum', 'maximum', 'maxLength'] as const) {
    if (value[member] !== undefined && !allowed.includes(member)) report(member, `is not allowed for the type ${type}`);
  }
  if (type === 'dropdown' && options === undefined) report('options', 'is required for the type dropdown');
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    report('maximum', 'must not be below the minimum');
}

const newField = z
  .strictObject(fieldMembers)
  .check(checkField)
  .register(z.globalRegistry, {
    id: 'NewTemplateField',
    description: 'A question of a form to store',
    examples: [{ id: 'severity', type: 'dropdown', label: 'How severe is it?', options: ['Low', 'High'] }],
  });

export const templateFields = z.array(newField).check(
  z.minLength(1),
  z.maxLength(mostFields),
  z.refine((fields) => new Set(fields.map((field) => field.id)).size === fields.length, 'must not contain an id twice'),
  z.refine(
    (fields) => new TextEncoder().encode(JSON.stringify(fields)).length <= mostFieldBytes,
    `must have at most ${mostFieldBytes} bytes as JSON`,
  ),
  z.meta({ description: `Questions of the form, at most ${mostFields}, and ${mostFieldBytes} bytes as JSON` }),
);

export const templateField = z
  .object(fieldMembers)
  .register(z.globalRegistry, { id: 'TemplateField', description: 'A question of a form' });
export type TemplateField = z.infer<typeof templateField>;

export const newTemplateMembers = {
  kind: templateKind,
  key: templateKey,
  name: templateName,
  topic: z.optional(templateTopic),
  language: templateLanguage,
  shortcut: z.optional(templateShortcut),
  text: templateText,
  fields: z.optional(templateFields),
};

export function checkNewTemplate({
  value,
  issues,
}: z.core.ParsePayload<{ readonly kind: TemplateKind; readonly fields?: unknown }>): void {
  const report = (message: string) => issues.push({ code: 'custom', path: ['fields'], message, input: value });
  if (value.kind === 'form' && value.fields === undefined) report('is required for the kind form');
  if (value.kind === 'reply' && value.fields !== undefined) report('is only allowed for the kind form');
}

/** A template of a file, without its scope. */
export const newTemplate = z.strictObject(newTemplateMembers).check(checkNewTemplate);
export type NewTemplate = z.infer<typeof newTemplate>;

export const templateValues = z
  .record(text(z.minLength(1), z.maxLength(64)), z.union([text(z.maxLength(longestValue)), z.number()]))
  .check(
    z.refine((values) => Object.keys(values).length <= mostValues, `must have at most ${mostValues} values`),
    z.meta({
      description: `Values by the names of their placeholders, at most ${mostValues}. A value has at most ${longestValue} characters. Values without a placeholder are ignored.`,
      examples: [{ customer: 'Alice', host: 'web-3' }],
    }),
  );

export const template = z
  .object({
    id: templateId,
    scope: templateScope,
    kind: templateKind,
    key: templateKey,
    name: templateName,
    topic: z.optional(templateTopic),
    language: templateLanguage,
    shortcut: z.optional(templateShortcut),
    text: z.string().check(z.meta({ examples: ['Hello {customer|there}, please upload the logs of {host}.'] })),
    placeholders: z
      .array(
        z.object({
          name: z.string().check(z.meta({ examples: ['customer'] })),
          default: z.optional(z.string().check(z.meta({ examples: ['there'] }))),
        }),
      )
      .check(z.describe('Placeholders of the text. Of several with the same name, the first.')),
    fields: z.optional(z.array(templateField).check(z.describe('Questions of a form'))),
    useCount: z.int().check(
      z.meta({
        description:
          'Messages of your tenant for which the template was rendered. Each tenant has a separate count of global templates.',
        examples: [17],
      }),
    ),
    createdAt: timestamp,
    updatedAt: timestamp,
    deletedAt: z.optional(
      timestamp.check(
        z.describe('Time of the deletion. A deleted template can be restored for 30 days. Only admins see it.'),
      ),
    ),
  })
  .register(z.globalRegistry, { id: 'Template', description: 'A canned reply or a form' });
export type TemplateView = z.infer<typeof template>;
