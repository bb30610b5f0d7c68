import type { NewTemplate, TemplateKind, TemplateScope, TemplateView } from '../../contract/schemas/template.ts';
import { placeholdersIn } from '../../contract/schemas/placeholder.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';

/** Encrypted for tenants. Global templates contain no personal data and are stored as they are. */
export type TemplateContent = Omit<NewTemplate, 'kind' | 'language'>;

/** Times are milliseconds since the epoch. */
export interface TemplateRecord {
  readonly templateId: string;
  readonly kind: TemplateKind;
  readonly language: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt?: number;
  /** Each write requires the revision that it read. */
  readonly revision: number;
}

export interface Template extends TemplateRecord {
  readonly scope: TemplateScope;
  readonly content: TemplateContent;
}

/** Without the key and the other attributes of a stored item. */
export function recordIn(stored: TemplateRecord): TemplateRecord {
  const { templateId, kind, language, createdAt, updatedAt, deletedAt, revision } = stored;
  return {
    ...{ templateId, kind, language, createdAt, updatedAt, revision },
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}

export function viewOf({ scope, content, ...record }: Template, useCount: number): TemplateView {
  const { name, key, topic, shortcut, text, fields } = content;
  const placeholders = placeholdersIn(text);
  return {
    id: record.templateId,
    scope,
    kind: record.kind,
    ...{ key, name, language: record.language, text, useCount },
    ...(topic === undefined ? {} : { topic }),
    ...(shortcut === undefined ? {} : { shortcut }),
    placeholders: placeholders.filter(
      ({ name: one }, index) => placeholders.findIndex((other) => other.name === one) === index,
    ),
    ...(fields === undefined ? {} : { fields }),
    createdAt: toTimestamp(record.createdAt),
    updatedAt: toTimestamp(record.updatedAt),
    ...(record.deletedAt === undefined ? {} : { deletedAt: toTimestamp(record.deletedAt) }),
  };
}
