import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TemplateField } from '../../contract/schemas/template.ts';
import { validateAnswers } from './answer-rules.ts';

const attachment = '01KAJ80C7FHAK2M5P8R1T4W7YZ';
const fields: readonly TemplateField[] = [
  { id: 'host', type: 'text', label: 'Host', required: true, maxLength: 10 },
  { id: 'level', type: 'dropdown', label: 'Level', required: true, options: ['Low', 'High'] },
  { id: 'since', type: 'date', label: 'Since' },
  { id: 'users', type: 'number', label: 'Users', minimum: 0, maximum: 99.5 },
  { id: 'log', type: 'file', label: 'Log' },
];
const form = { fields };
const required = { host: 'web-3', level: 'High' };

function errorsOf(answers: Readonly<Record<string, unknown>>): string[] {
  const verdict = validateAnswers(form, { ...required, ...answers });
  return verdict.valid ? [] : verdict.errors.map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('the validation of answers', () => {
  it('returns answers in the order of the fields', () => {
    const answers = { log: attachment, users: 0, since: '2026-02-28', level: 'Low', host: 'web-3' };
    const verdict = validateAnswers(form, answers);
    expect(verdict).toEqual({ valid: true, answers });
    expect(verdict.valid && Object.keys(verdict.answers)).toEqual(fields.map(({ id }) => id));
  });

  it('accepts missing answers to optional fields, and leaves out blank ones', () => {
    expect(validateAnswers(form, { ...required, since: '', users: null, log: ' ' })).toEqual({
      valid: true,
      answers: required,
    });
  });

  it('reports every required field that is missing or blank', () => {
    expect(validateAnswers(form, { host: '\u200b' })).toEqual({
      valid: false,
      errors: [
        { pointer: '/answers/host', code: 'required', detail: 'is required' },
        { pointer: '/answers/level', code: 'required', detail: 'is required' },
      ],
    });
  });

  it.each([
    ['host', 1, 'invalid_type'],
    ['host', 'x'.repeat(11), 'too_big'],
    ['host', 'x\ud83d', 'custom'],
    ['level', 'low', 'invalid_value'],
    ['level', ['Low'], 'invalid_value'],
    ['since', '2026-02-30', 'invalid_format'],
    ['since', '2026-2-3', 'invalid_format'],
    ['since', '2026-02-03T00:00:00Z', 'invalid_format'],
    ['since', 20260203, 'invalid_format'],
    ['users', '5', 'invalid_type'],
    ['users', Number.NaN, 'invalid_type'],
    ['users', -1, 'too_small'],
    ['users', 100, 'too_big'],
    ['log', 'log.txt', 'invalid_format'],
    ['log', attachment.toLowerCase(), 'invalid_format'],
    ['colour', 'red', 'unrecognized_keys'],
  ])('rejects %s: %j', (field, answer, code) => {
    expect(errorsOf({ [field]: answer })).toEqual([`/answers/${field} ${code}`]);
  });

  it('counts characters, and keeps a text as it was sent', () => {
    expect(errorsOf({ host: '😀'.repeat(10) })).toEqual([]);
    expect(validateAnswers(form, { ...required, host: ' web-3 ' })).toMatchObject({ answers: { host: ' web-3 ' } });
  });

  it('limits a text to 1000 characters by default', () => {
    const text = { fields: [{ id: 'note', type: 'text', label: 'Note' }] as const };
    expect(validateAnswers(text, { note: 'x'.repeat(1000) }).valid).toBe(true);
    expect(validateAnswers(text, { note: 'x'.repeat(1001) }).valid).toBe(false);
  });

  it('escapes unknown names in pointers, and never quotes an answer', () => {
    const verdict = validateAnswers(form, { ...required, 'a/b~c': 'secret', since: 'secret', users: 'secret' });
    expect(JSON.stringify(verdict)).toContain('/answers/a~1b~0c');
    expect(JSON.stringify(verdict)).not.toContain('secret');
  });

  it('does not read inherited members', () => {
    const inherited = { fields: [{ id: 'constructor', type: 'text', label: 'Builder', required: true }] as const };
    expect(validateAnswers(inherited, {}).valid).toBe(false);
  });
});

it('accepts its own result again, whatever the answers', () => {
  const anything = fc.dictionary(
    fc.constantFrom('host', 'level', 'since', 'users', 'log', 'more'),
    fc.oneof(fc.string(), fc.double(), fc.constantFrom('Low', '2026-11-21', attachment, null, [], {})),
  );
  fc.assert(
    fc.property(anything, (answers) => {
      const verdict = validateAnswers(form, { ...required, ...answers });
      if (verdict.valid) expect(validateAnswers(form, verdict.answers)).toEqual(verdict);
      else expect(verdict.errors.length).toBeGreaterThan(0);
    }),
  );
});

it('returns the option of a dropdown for another form of its letters', () => {
  const fields = [{ id: 'level', type: 'dropdown', label: 'Level', options: ['é', 'x'] }] as const;
  expect(
    validateAnswers(
      { fields: [...fields].map((field) => ({ ...field, options: [...field.options] })) },
      { level: 'e\u0301' },
    ),
  ).toEqual({
    valid: true,
    answers: { level: 'é' },
  });
});
