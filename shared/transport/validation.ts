import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { FieldError } from '../contract/kit/define-problem.ts';
import type { Schema } from '../contract/kit/define-route.ts';

z.config(en());

export type Validation<Output> =
  { readonly valid: true; readonly value: Output } | { readonly valid: false; readonly errors: readonly FieldError[] };

/** Keeps a caller from inflating the answer. */
export const mostErrors = 20;
/** In UTF-16 code units. Deeper errors are reported at the deepest member that fits. */
const longestPointer = 300;
const longestSegment = 100;

/**
 * Pointers begin with the part's name: `/body/text`.
 *
 * @returns at most {@link mostErrors} errors.
 */
export function validate<S extends Schema>(schema: S, part: string, value: unknown): Validation<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { valid: true, value: result.data };
  return {
    valid: false,
    errors: result.error.issues.flatMap((issue) => fieldErrors([part], issue)).slice(0, mostErrors),
  };
}

/** zod reports several unknown fields as one issue. Errors never quote the value. */
function fieldErrors(parentPath: readonly PropertyKey[], issue: z.core.$ZodIssue): FieldError[] {
  const path = [...parentPath, ...issue.path];
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => fieldErrors(path, inner));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostErrors).map((key) => ({
      pointer: pointer([...path, key]),
      code: 'unrecognized_keys',
      detail: 'is not a field of this request: leave it out',
    }));
  }
  return [{ pointer: pointer(path), code: issue.code, detail: issue.message }];
}

/** RFC 6901. Names that clients choose are shortened and made well-formed. */
export function pointer(path: readonly PropertyKey[]): string {
  let whole = '';
  for (const segment of path) {
    const name = String(segment).slice(0, longestSegment).toWellFormed();
    const next = `${whole}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (next.length > longestPointer) break;
    whole = next;
  }
  return whole;
}

export function validationDetails(errors: readonly FieldError[]): {
  readonly detail: string;
  readonly errors: readonly FieldError[];
} {
  const listed = errors.slice(0, mostErrors);
  const more = errors.length >= mostErrors ? ' and possibly others' : '';
  return { detail: `Not valid: ${listed.map((error) => error.pointer).join(', ')}${more}.`, errors: listed };
}
