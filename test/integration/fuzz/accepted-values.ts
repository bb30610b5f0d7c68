import type fc from 'fast-check';
import type { Schema } from '../../../shared/contract/kit/define-route.ts';
import { findLosses, parseJson } from '../../../shared/transport/json-body.ts';
import { jsonText } from './json-text.ts';

/**
 * Makes JSON that a schema accepts. JSON Schema cannot express all its rules, such as members that exclude each other.
 */
export function acceptedJson(made: fc.Arbitrary<unknown>, schema: Schema, maxBytes: number): fc.Arbitrary<string> {
  return made
    .map((value) => jsonText(repaired(value, schema)))
    .filter((text) => {
      if (Buffer.byteLength(text) > maxBytes) return false;
      const parsed = parseJson(Buffer.from(text));
      if (parsed === undefined) return false;
      // Validating deeper nesting would exhaust the stack.
      const { complaint, errors } = findLosses(parsed);
      return complaint === undefined && errors.length === 0 && schema.safeParse(parsed.json).success;
    });
}

/** Values of members whose rules JSON Schema cannot express. */
const acceptable: Readonly<Record<string, string>> = {
  email: 'someone@example.org',
  username: 'someone',
  firstName: 'Alice',
  lastName: 'Byron',
  password: 'Harbour-lamp-72',
  passwordConfirm: 'Harbour-lamp-72',
  newPassword: 'Harbour-lamp-72',
};

function repaired(value: unknown, schema: Schema): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.keys(value).some((name) => Object.hasOwn(acceptable, name)) || schema.safeParse(value).success)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, Object.hasOwn(acceptable, name) ? acceptable[name] : member]),
  );
}

/** Accepted cases come first, so that each seed reaches the operation. */
export function acceptedCases(cases: number): number {
  return Math.min(cases, Math.max(4, Math.floor(cases / 20)));
}
