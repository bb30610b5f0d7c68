import type { FieldError } from '../../../contract/kit/define-problem.ts';
import type { Message } from '../../../contract/schemas/message.ts';
import type { PlaceholderValues } from '../../../contract/schemas/placeholder.ts';
import type { TemplateField } from '../../../contract/schemas/template.ts';
import type { MessageContent } from '../../log/entry-kinds.ts';
import type { Template } from '../../templates/template.ts';
import type { Answers } from '../../templates/answer-rules.ts';
import { formOf } from '../../templates/template-rules.ts';

/** The copy of a form that a message keeps. */
export function formContent(template: Template, values: PlaceholderValues = {}): MessageContent {
  const { templateId, name, language, text, fields } = formOf(template, values);
  return { type: 'form', text, form: { templateId, name, language, fields: [...fields] } };
}

/** A file of an answer. */
export interface AnsweredFile {
  readonly fieldId: string;
  readonly attachmentId: string;
}

/** In the order of the fields. */
export function filesOf(fields: readonly TemplateField[], answers: Answers): readonly AnsweredFile[] {
  return fields.flatMap(({ id: fieldId, type }) => {
    const answer = answers[fieldId];
    return type === 'file' && typeof answer === 'string' ? [{ fieldId, attachmentId: answer }] : [];
  });
}

/** A file answers one field only. */
export function repeatedFiles(files: readonly AnsweredFile[]): readonly FieldError[] {
  return files
    .filter(({ attachmentId }, index) => files.findIndex((file) => file.attachmentId === attachmentId) !== index)
    .map(({ fieldId }) => ({
      pointer: `/answers/${fieldId}`,
      code: 'custom',
      detail: 'must be an attachment that answers no other field',
    }));
}

/** Values for the placeholders of a template: `{incident.id}` is the member `id` of the member `incident`. */
export function valuesOf(metadata: Message['metadata'], more: PlaceholderValues = {}): PlaceholderValues {
  return { ...Object.fromEntries(valuesIn(metadata ?? {}, '')), ...more };
}

function valuesIn(members: object, prefix: string): readonly (readonly [string, PlaceholderValues[string]])[] {
  return Object.entries(members).flatMap(([name, value]: [string, unknown]) => {
    const path = `${prefix}${name}`;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, value]];
    return typeof value === 'object' && value !== null ? valuesIn(value, `${path}.`) : [];
  });
}
