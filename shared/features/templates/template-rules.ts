import { type PlaceholderValues, type RenderedText, renderPlaceholders } from '../../contract/schemas/placeholder.ts';
import type { NewTemplate, TemplateField, TemplateScope } from '../../contract/schemas/template.ts';
import type { Role } from '../../contract/schemas/user.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import type { Template, TemplateContent } from './template.ts';

export const mostTemplates = 1000;
/** A deleted template can be restored for so long. */
export const restorableMs = 30 * 24 * 60 * 60 * 1000;

/** The copy that a conversation keeps, so that later changes of the template do not reach it. */
export interface TemplateForm {
  readonly templateId: string;
  readonly key: string;
  readonly name: string;
  readonly language: string;
  readonly text: string;
  readonly fields: readonly TemplateField[];
}

export function renderText({ content }: Pick<Template, 'content'>, values: PlaceholderValues): RenderedText {
  return renderPlaceholders(content.text, values);
}

/** A canned reply has no fields to answer. */
export function formOf(template: Template, values: PlaceholderValues = {}): TemplateForm {
  const { templateId, language, content } = template;
  const { key, name, fields = [] } = content;
  return { templateId, key, name, language, text: renderText(template, values).text, fields };
}

export function mayManage(role: Role, scope: TemplateScope): boolean {
  return scope === 'global' ? role === 'staff' : allows(role, 'templates:manage');
}

/** A deleted template does not exist for users who cannot restore it. */
export function isVisible({ scope, deletedAt }: Template, role: Role): boolean {
  return deletedAt === undefined || mayManage(role, scope);
}

/** DynamoDB may delete days late. */
export function isGone({ deletedAt }: Pick<Template, 'deletedAt'>, at: number): boolean {
  return deletedAt !== undefined && deletedAt + restorableMs <= at;
}

export interface TemplateFilter {
  readonly kind?: string | undefined;
  readonly language?: string | undefined;
  readonly topic?: string | undefined;
  readonly q?: string | undefined;
  readonly deleted?: 'true' | undefined;
}

export function matches(template: Template, { kind, language, topic, q, deleted }: TemplateFilter): boolean {
  const { content } = template;
  return (
    (deleted === 'true') === (template.deletedAt !== undefined) &&
    (kind === undefined || template.kind === kind) &&
    (language === undefined || isInRange(template.language, language)) &&
    (topic === undefined || content.topic === topic) &&
    (q === undefined || contains(content, q))
  );
}

/** Basic filtering, RFC 4647, section 3.3.1. */
function isInRange(language: string, range: string): boolean {
  return language === range || language.startsWith(`${range}-`);
}

function contains({ name, key, topic = '', shortcut = '', text }: TemplateContent, q: string): boolean {
  const wanted = folded(q);
  return [name, key, topic, shortcut, text].some((member) => folded(member).includes(wanted));
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();

export interface TemplateChange {
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  /** `null` removes it. */
  readonly topic?: string | null | undefined;
  readonly language?: string | undefined;
  readonly shortcut?: string | null | undefined;
  readonly text?: string | undefined;
  readonly fields?: readonly TemplateField[] | undefined;
  readonly deleted?: false | undefined;
}

/** Returns the template unchanged if the change changes nothing. */
export function withChange(template: Template, change: TemplateChange, at: number): Template {
  const { language = template.language, deleted, ...members } = change;
  const content = without(null, { ...template.content, ...without(undefined, members) }) as TemplateContent;
  const isRestored = deleted === false && template.deletedAt !== undefined;
  if (language === template.language && sameContent(content, template.content) && !isRestored) return template;
  const { deletedAt: _deletedAt, ...restored } = template;
  return revised({ ...(isRestored ? restored : template), language, content }, at);
}

/** Replaces the whole content. Returns the template unchanged if it has this content. */
export function withContent(template: Template, content: TemplateContent, at: number): Template {
  return sameContent(content, template.content) ? template : revised({ ...template, content }, at);
}

export function asDeleted(template: Template, at: number): Template {
  return revised({ ...template, deletedAt: at }, at);
}

function revised(template: Template, at: number): Template {
  return { ...template, updatedAt: at, revision: template.revision + 1 };
}

function without(absent: null | undefined, members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== absent));
}

export function contentOf({ kind: _kind, language: _language, ...content }: NewTemplate): TemplateContent {
  return without(undefined, content) as TemplateContent;
}

/** Compares without regard to the order of members. */
export function sameContent(one: TemplateContent, other: TemplateContent): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([first], [second]) => (first < second ? -1 : 1)))
      : member,
  );
}
