import type { SeededBug } from './seeded-bug.ts';

const placeholders = 'shared/contract/schemas/placeholder.test.ts';
const answers = 'shared/features/templates/answer-rules.test.ts';
const templates = 'test/integration/templates/templates.test.ts';

export const replyAndFormBugs: readonly SeededBug[] = [
  {
    name: 'a placeholder without a value disappears from the message',
    file: 'shared/contract/schemas/placeholder.ts',
    find: 'return value ?? whole;',
    replaceBy: "return value ?? '';",
    caughtBy: { file: placeholders, test: 'a placeholder > stays visible without a value, and is reported once' },
  },
  {
    name: 'a placeholder reads members that every object inherits',
    file: 'shared/contract/schemas/placeholder.ts',
    find: 'Object.hasOwn(values, placeholder) ? values[placeholder] : undefined',
    replaceBy: 'values[placeholder]',
    caughtBy: { file: placeholders, test: 'a placeholder > does not read inherited members' },
  },
  {
    name: 'a form accepts a date that no calendar has',
    file: 'shared/features/templates/answer-rules.ts',
    find: '.toISOString().startsWith(text)',
    replaceBy: ".toISOString().endsWith('Z')",
    caughtBy: { file: answers, test: 'the validation of answers > rejects since: "2026-02-30"' },
  },
  {
    name: 'a form accepts answers without a required one',
    file: 'shared/features/templates/answer-rules.ts',
    find: 'if (field.required === true)',
    replaceBy: 'if (field.required === undefined)',
    caughtBy: {
      file: answers,
      test: 'the validation of answers > reports every required field that is missing or blank',
    },
  },
  {
    name: 'every administrator can change global templates',
    file: 'shared/features/templates/template-rules.ts',
    find: "role === 'staff'",
    replaceBy: "role !== 'member'",
    caughtBy: {
      file: 'shared/features/templates/template-rules.test.ts',
      test: 'lets administrators manage templates of their tenant, and only staff global ones',
    },
  },
  {
    name: 'a deleted template keeps its key and its shortcut',
    file: 'shared/features/templates/template-store.ts',
    find: 'if (template === undefined || !isLive(template)) return [];',
    replaceBy: 'if (template === undefined) return [];',
    caughtBy: {
      file: templates,
      test: 'a deleted template > frees its key and its shortcut, and takes others if they were taken',
    },
  },
  {
    name: 'a repeated request counts another use of a template',
    file: 'shared/features/templates/template-uses.ts',
    find: '{ expiresAt }, absent)',
    replaceBy: '{ expiresAt })',
    caughtBy: {
      file: templates,
      test: 'a rendered template > counts once for each message, however often and concurrently it is rendered',
    },
  },
];
