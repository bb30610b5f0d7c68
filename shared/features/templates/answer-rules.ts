import type { FieldError } from '../../contract/kit/define-problem.ts';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import type { TemplateField } from '../../contract/schemas/template.ts';
import { isVisible } from '../../contract/schemas/text.ts';
import type { TemplateForm } from './template-rules.ts';

export type Answers = Readonly<Record<string, string | number>>;

export type AnswersVerdict =
  | { readonly valid: true; readonly answers: Answers }
  | { readonly valid: false; readonly errors: readonly FieldError[] };

type Answer = { readonly value: string | number } | { readonly code: string; readonly detail: string };

/** Of a text without `maxLength`, in code points. */
export const standardAnswerLength = 1000;

/**
 * Checks all answers, and returns them in the order of the fields. Blank answers to optional fields are left out. Errors
 * point to `/answers/<field>` and never quote an answer. The caller checks that the attachments of files exist.
 */
export function validateAnswers(
  { fields }: Pick<TemplateForm, 'fields'>,
  answers: Readonly<Record<string, unknown>>,
): AnswersVerdict {
  const accepted: [string, string | number][] = [];
  const errors: FieldError[] = [];
  for (const field of fields) {
    const given = Object.hasOwn(answers, field.id) ? answers[field.id] : undefined;
    if (isBlank(given)) {
      if (field.required === true) errors.push(errorAt(field.id, 'required', 'is required'));
      continue;
    }
    const answer = judge(field, given);
    if ('value' in answer) accepted.push([field.id, answer.value]);
    else errors.push(errorAt(field.id, answer.code, answer.detail));
  }
  const known = new Set(fields.map(({ id }) => id));
  for (const name of Object.keys(answers)) {
    if (!known.has(name)) errors.push(errorAt(name, 'unrecognized_keys', 'is not a field of the form: leave it out'));
  }
  return errors.length === 0 ? { valid: true, answers: Object.fromEntries(accepted) } : { valid: false, errors };
}

function isBlank(answer: unknown): boolean {
  return answer === undefined || answer === null || (typeof answer === 'string' && !isVisible(answer));
}

/** The form of the option counts: keyboards write the same letters with different code points. */
function judgeChoice(options: readonly string[], answer: unknown): Answer {
  const chosen = options.find((option) => typeof answer === 'string' && option.normalize() === answer.normalize());
  return chosen === undefined
    ? { code: 'invalid_value', detail: `must be one of: ${options.join(', ')}` }
    : { value: chosen };
}

function judge(field: TemplateField, answer: unknown): Answer {
  switch (field.type) {
    case 'number':
      return judgeNumber(field, answer);
    case 'text':
      return judgeText(field, answer);
    case 'dropdown':
      return judgeChoice(field.options ?? [], answer);
    case 'date':
      return typeof answer === 'string' && isDate(answer)
        ? { value: answer }
        : { code: 'invalid_format', detail: 'must be a date such as 2026-11-21' };
    case 'file':
      return typeof answer === 'string' && ulidPattern.test(answer)
        ? { value: answer }
        : { code: 'invalid_format', detail: 'must be the id of an attachment: upload the file first' };
  }
}

function judgeNumber({ minimum, maximum }: TemplateField, answer: unknown): Answer {
  if (typeof answer !== 'number' || !Number.isFinite(answer))
    return { code: 'invalid_type', detail: 'must be a number' };
  if (minimum !== undefined && answer < minimum) return { code: 'too_small', detail: `must be at least ${minimum}` };
  if (maximum !== undefined && answer > maximum) return { code: 'too_big', detail: `must be at most ${maximum}` };
  return { value: answer };
}

function judgeText({ maxLength = standardAnswerLength }: TemplateField, answer: unknown): Answer {
  if (typeof answer !== 'string') return { code: 'invalid_type', detail: 'must be a text' };
  if (!answer.isWellFormed()) {
    return { code: 'custom', detail: 'must be well-formed Unicode: it has half of a surrogate pair' };
  }
  return [...answer].length <= maxLength
    ? { value: answer }
    : { code: 'too_big', detail: `must have at most ${maxLength} characters` };
}

/** A calendar date, RFC 3339, section 5.6. `Date` accepts the 30th of February. */
function isDate(text: string): boolean {
  if (!/^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/.test(text)) return false;
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** RFC 6901. Names that clients choose are shortened and made well-formed. */
function errorAt(name: string, code: string, detail: string): FieldError {
  const segment = name.slice(0, 100).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
  return { pointer: `/answers/${segment}`, code, detail };
}
