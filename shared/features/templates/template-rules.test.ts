import { describe, expect, it } from 'vitest';
import type { Template, TemplateContent } from './template.ts';
import {
  asDeleted,
  formOf,
  isGone,
  isVisible,
  matches,
  mayManage,
  renderText,
  restorableMs,
  sameContent,
  type TemplateFilter,
  withChange,
} from './template-rules.ts';

const createdAt = Date.parse('2026-11-21T08:30:00Z');
const later = createdAt + 1000;

const content: TemplateContent = {
  key: 'log-request',
  name: 'Log request',
  topic: 'Diagnostics',
  shortcut: 'logs',
  text: 'Hello {customer|there}, send the logs of {host}.',
};
const reply: Template = {
  ...{ templateId: '01KAJ7F5TMAP4R7V0X3Z6B8D1F', scope: 'tenant', kind: 'reply', language: 'en-GB', content },
  ...{ createdAt, updatedAt: createdAt, revision: 1 },
};
const fields = [{ id: 'log', type: 'file', label: 'The log' }] as const;
const form: Template = { ...reply, kind: 'form', content: { ...content, fields: [...fields] } };
const deletedReply = asDeleted(reply, later);

describe('the form of a conversation', () => {
  it('is a copy with the values of the incident', () => {
    expect(formOf(form, { host: 'web-3', customer: 'Ada' })).toEqual({
      ...{ templateId: form.templateId, key: 'log-request', name: 'Log request', language: 'en-GB', fields },
      text: 'Hello Ada, send the logs of web-3.',
    });
  });

  it('shows placeholders without a value', () => {
    expect(formOf(form).text).toBe('Hello there, send the logs of {host}.');
    expect(renderText(form, {}).unresolved).toEqual(['host']);
  });
});

describe('a change', () => {
  it('replaces members, removes those that are null, and keeps the others', () => {
    const after = withChange(reply, { name: 'Logs', shortcut: null, topic: undefined, language: 'de' }, later);
    const { shortcut: _shortcut, ...kept } = content;
    expect(after).toEqual({
      ...reply,
      ...{ language: 'de', content: { ...kept, name: 'Logs' }, updatedAt: later, revision: 2 },
    });
  });

  it('returns the same template if nothing changes', () => {
    expect(withChange(reply, { name: content.name, deleted: false }, later)).toBe(reply);
    expect(withChange(form, { fields: [...fields].map((field) => ({ ...field })) }, later)).toBe(form);
  });

  it('restores a deleted template only on request', () => {
    expect(withChange(deletedReply, { deleted: false }, later).deletedAt).toBeUndefined();
    expect(withChange(deletedReply, { name: 'Logs' }, later).deletedAt).toBe(later);
  });
});

it('compares contents without regard to the order of members', () => {
  expect(sameContent(content, Object.fromEntries(Object.entries(content).reverse()) as typeof content)).toBe(true);
  expect(sameContent(content, { ...content, shortcut: 'log' })).toBe(false);
});

describe('a deleted template', () => {
  it('is visible to those who can restore it', () => {
    expect(isVisible(deletedReply, 'admin')).toBe(true);
    expect(isVisible(deletedReply, 'agent')).toBe(false);
    expect(isVisible({ ...deletedReply, scope: 'global' }, 'admin')).toBe(false);
    expect(isVisible({ ...deletedReply, scope: 'global' }, 'staff')).toBe(true);
  });

  it('is gone after 30 days', () => {
    expect(isGone(deletedReply, later + restorableMs - 1)).toBe(false);
    expect(isGone(deletedReply, later + restorableMs)).toBe(true);
    expect(isGone(reply, later + restorableMs)).toBe(false);
  });
});

it('lets administrators manage templates of their tenant, and only staff global ones', () => {
  expect((['guest', 'member', 'agent', 'admin', 'staff'] as const).filter((role) => mayManage(role, 'tenant'))).toEqual(
    ['admin', 'staff'],
  );
  expect((['member', 'admin', 'staff'] as const).filter((role) => mayManage(role, 'global'))).toEqual(['staff']);
});

describe('a filter', () => {
  it.each<[string, TemplateFilter]>([
    ['no filter', {}],
    ['the kind', { kind: 'reply' }],
    ['the language', { language: 'en-GB' }],
    ['a shorter language tag', { language: 'en' }],
    ['the topic', { topic: 'Diagnostics' }],
    ['a part of the name in another case', { q: 'LOG R' }],
    ['a part of the text', { q: 'send the' }],
    ['a shortcut in full-width letters', { q: 'ｌｏｇｓ' }],
  ])('finds a template by %s', (_, filter) => {
    expect(matches(reply, filter)).toBe(true);
  });

  it.each<[string, TemplateFilter]>([
    ['another kind', { kind: 'form' }],
    ['a longer language tag', { language: 'en-GB-x' }],
    ['the beginning of a language tag', { language: 'e' }],
    ['a part of the topic', { topic: 'Diag' }],
    ['an unknown word', { q: 'invoice' }],
    ['a filter that matches and one that does not', { kind: 'reply', q: 'invoice' }],
    ['the filter for deleted ones', { deleted: 'true' }],
  ])('does not find a template by %s', (_, filter) => {
    expect(matches(reply, filter)).toBe(false);
  });

  it('finds a deleted template only if deleted ones are requested', () => {
    expect(matches(deletedReply, {})).toBe(false);
    expect(matches(deletedReply, { deleted: 'true' })).toBe(true);
  });
});
