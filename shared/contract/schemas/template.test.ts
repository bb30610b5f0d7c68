import type * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { newTemplate, templateFields, templateLanguage, templateText } from './template.ts';

const reply = { kind: 'reply', key: 'hello', name: 'Hello', language: 'en', text: 'Hello {name|there}' };
const field = { id: 'host', type: 'text', label: 'Which host?' };
const dropdown = { id: 'level', type: 'dropdown', label: 'How severe?', options: ['Low', 'High'] };

function paths(schema: z.ZodMiniType, value: unknown): string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('a template', () => {
  it('is a canned reply without fields, or a form with fields', () => {
    expect(paths(newTemplate, reply)).toEqual([]);
    expect(paths(newTemplate, { ...reply, kind: 'form', fields: [field] })).toEqual([]);
    expect(paths(newTemplate, { ...reply, fields: [field] })).toEqual(['fields']);
    expect(paths(newTemplate, { ...reply, kind: 'form' })).toEqual(['fields']);
    expect(paths(newTemplate, { ...reply, kind: 'form', fields: [] })).toEqual(['fields']);
  });

  it.each(['', '  ', '{name|}', '{a}'.repeat(51), 'x'.repeat(4001), '\ud83d'])('rejects the text %j', (text) => {
    expect(templateText.safeParse(text).success).toBe(false);
  });

  it.each(['en', 'deu', 'pt-BR', 'zh-Hant', 'zh-Hant-TW', 'es-419'])('has a language such as %s', (language) => {
    expect(templateLanguage.safeParse(language).success).toBe(true);
  });

  it.each(['', 'EN', 'english', 'en_GB', 'en-gb', 'en-'])('rejects the language %j', (language) => {
    expect(templateLanguage.safeParse(language).success).toBe(false);
  });
});

describe('the schema of fields', () => {
  it('accepts all five types', () => {
    const fields = [
      { ...field, maxLength: 10, required: true, help: 'Its name' },
      dropdown,
      { id: 'since', type: 'date', label: 'Since when?' },
      { id: 'hosts', type: 'number', label: 'How many?', minimum: 1, maximum: 9 },
      { id: 'log', type: 'file', label: 'The log' },
    ];
    expect(paths(templateFields, fields)).toEqual([]);
  });

  it.each([
    ['options of a text', [{ ...field, options: ['x'] }], ['0.options']],
    ['a dropdown without options', [{ ...dropdown, options: undefined }], ['0.options']],
    ['an option twice', [{ ...dropdown, options: ['Low', 'Low'] }], ['0.options']],
    ['an option in two forms of its letters', [{ ...dropdown, options: ['é', 'e\u0301'] }], ['0.options']],
    ['no options', [{ ...dropdown, options: [] }], ['0.options']],
    ['limits of a date', [{ ...field, type: 'date', minimum: 1, maxLength: 1 }], ['0.minimum', '0.maxLength']],
    ['limits that no number meets', [{ ...field, type: 'number', minimum: 2, maximum: 1 }], ['0.maximum']],
    ['an unknown type', [{ ...field, type: 'colour' }], ['0.type']],
    ['an unknown member', [{ ...field, colour: 1 }], ['0']],
    ['an id that is not a name', [{ ...field, id: '__proto__' }], ['0.id']],
    ['an id twice', [field, dropdown, { ...field, label: 'Again?' }], ['']],
    ['more than 30 fields', Array.from({ length: 31 }, (_, index) => ({ ...field, id: `f${index}` })), ['']],
    [
      'more than 16 KiB',
      Array.from({ length: 20 }, (_, index) => ({ ...field, id: `f${index}`, help: 'ü'.repeat(500) })),
      [''],
    ],
  ])('rejects %s', (_, fields, expected) => {
    expect(paths(templateFields, fields)).toEqual(expected);
  });
});
