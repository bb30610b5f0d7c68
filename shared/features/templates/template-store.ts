import { absent, type Expression } from '../../core/table/expression.ts';
import type { CommitOutcome } from '../../core/table/unit-of-work.ts';
import { recordIn, type Template } from './template.ts';
import { mostTemplates, restorableMs } from './template-rules.ts';

/** The templates of a tenant, or the global ones. Reads consistently. */
export interface TemplateStore {
  readonly scope: Template['scope'];
  /** Undefined if the template was deleted too long ago. */
  load(templateId: string): Promise<Template | undefined>;
  /** Ignores deleted templates. */
  findByKey(language: string, key: string): Promise<Template | undefined>;
  /** The id of the template that has the shortcut. */
  holderOfShortcut(language: string, shortcut: string): Promise<string | undefined>;
  create(template: Template): Promise<TemplateWrite>;
  replace(before: Template, after: Template): Promise<TemplateWrite>;
}

/** `changed`: the template changed since it was read. */
export type TemplateWrite = 'written' | 'key-taken' | 'shortcut-taken' | 'full' | 'changed';

/** Reserves a key or shortcut for a template. */
export interface TemplateClaim {
  readonly templateId: string;
}

export interface TemplateKeys<AnyKey> {
  template(templateId: string): AnyKey;
  count(): AnyKey;
  key(language: string, key: string): AnyKey;
  shortcut(language: string, shortcut: string): AnyKey;
}

/** One item of a transaction: `item` is put, `update` is applied, and neither deletes. */
export interface TemplateStep<AnyKey> {
  readonly label: string;
  readonly key: AnyKey;
  readonly item?: object;
  readonly update?: Expression;
  readonly condition?: Expression;
}

const labels: Readonly<Record<string, TemplateWrite>> = {
  template: 'changed',
  key: 'key-taken',
  shortcut: 'shortcut-taken',
  count: 'full',
};

export function writeOf(outcome: CommitOutcome): TemplateWrite {
  if (outcome.committed) return 'written';
  const write = labels[outcome.failed];
  if (write === undefined) throw new Error(`The step ${outcome.failed} has no condition`);
  return write;
}

/** Deleted templates hold neither a key nor a shortcut, and do not count against the limit. */
export function stepsOf<AnyKey extends { readonly pk: string }>(
  keys: TemplateKeys<AnyKey>,
  before: Template | undefined,
  after: Template,
  content: unknown,
): readonly TemplateStep<AnyKey>[] {
  const { templateId, deletedAt } = after;
  return [
    {
      label: 'template',
      key: keys.template(templateId),
      item: {
        ...recordIn(after),
        content,
        ...(deletedAt === undefined ? {} : { expiresAt: expiryOf(deletedAt) }),
      },
      condition: before === undefined ? absent : { expression: '#revision = :read', values: { read: before.revision } },
    },
    ...claimSteps(claimsOf(keys, before), claimsOf(keys, after), { templateId }),
    ...countSteps(keys.count(), Number(isLive(after)) - Number(isLive(before))),
  ];
}

/** Seconds since the epoch. */
export function expiryOf(deletedAt: number): number {
  return Math.ceil((deletedAt + restorableMs) / 1000);
}

export function isLive(template: Template | undefined): boolean {
  return template !== undefined && template.deletedAt === undefined;
}

interface LabelledKey<AnyKey> {
  readonly label: string;
  readonly key: AnyKey;
}

function claimsOf<AnyKey>(keys: TemplateKeys<AnyKey>, template: Template | undefined): readonly LabelledKey<AnyKey>[] {
  if (template === undefined || !isLive(template)) return [];
  const { language, content } = template;
  return [
    { label: 'key', key: keys.key(language, content.key) },
    ...(content.shortcut === undefined ? [] : [{ label: 'shortcut', key: keys.shortcut(language, content.shortcut) }]),
  ];
}

function claimSteps<AnyKey extends { readonly pk: string }>(
  before: readonly LabelledKey<AnyKey>[],
  after: readonly LabelledKey<AnyKey>[],
  claim: TemplateClaim,
): readonly TemplateStep<AnyKey>[] {
  const lacks = (claims: readonly LabelledKey<AnyKey>[]) => (wanted: LabelledKey<AnyKey>) =>
    !claims.some(({ key }) => key.pk === wanted.key.pk);
  return [
    ...after.filter(lacks(before)).map((taken) => ({ ...taken, item: claim, condition: absent })),
    ...before.filter(lacks(after)).map(({ label, key }) => ({ label: `former ${label}`, key })),
  ];
}

function countSteps<AnyKey>(key: AnyKey, added: number): readonly TemplateStep<AnyKey>[] {
  if (added === 0) return [];
  const update: Expression = { expression: 'ADD #templates :added', values: { added } };
  const room: Expression = {
    expression: 'attribute_not_exists(#templates) OR #templates < :most',
    values: { most: mostTemplates },
  };
  return [{ label: 'count', key, update, ...(added > 0 ? { condition: room } : {}) }];
}
