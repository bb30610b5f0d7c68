import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { FieldError } from '../contract/kit/define-problem.ts';
import type { Schema } from '../contract/kit/define-route.ts';

z.config(en());

export type Validation<Output> =
  { readonly valid: true; readonly value: Output } | { readonly valid: false; readonly errors: readonly FieldError[] };

/** Checks one part of a request; pointers begin with the part's name: `/body/text`. */
export function validate<S extends Schema>(schema: S, part: string, value: unknown): Validation<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { valid: true, value: result.data };
  return { valid: false, errors: result.error.issues.flatMap((issue) => fieldErrors(part, issue)) };
}

/** Many unknown fields are one issue of zod's, and one error each of ours. The value itself is never repeated. */
function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const base = pointer([part, ...issue.path]);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${base}/${escapeSegment(key.slice(0, 100))}`,
      code: 'unrecognized_keys',
      detail: 'is not a field of this request: leave it out',
    }));
  }
  return [{ pointer: base, code: issue.code, detail: issue.message }];
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${escapeSegment(String(segment))}`).join('');
}

function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
