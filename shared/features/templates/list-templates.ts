import { invalidCursor } from '../../contract/problems.ts';
import type { listTemplates as listTemplatesRoute } from '../../contract/templates/list-templates.ts';
import type { TemplateScope } from '../../contract/schemas/template.ts';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import type { UseCase } from '../../core/use-case.ts';
import { type Template, viewOf } from './template.ts';
import { templatePage } from './template-pages.ts';
import { isVisible, matches } from './template-rules.ts';
import { countsOfUses } from './template-uses.ts';

/** Templates that one query reads if filters may skip some. */
const filteredChunk = 100;
/** Queries for one page. Enough for all templates of a scope, unless they are unusually large. */
const mostQueries = 12;

interface Position {
  readonly scope: TemplateScope;
  /** The last template of the previous page; undefined at the beginning. */
  readonly after: string | undefined;
}

export const listTemplates: UseCase<typeof listTemplatesRoute> = async (
  principal,
  { scope, limit, cursor, ...filter },
) => {
  const list = `templates ${scope ?? 'all'}`;
  const start = cursor === undefined ? firstOf(scope) : positionIn(list, cursor, scope);
  if (start === undefined) return refuse(invalidCursor);
  const isWanted = (template: Template) => isVisible(template, principal.role) && matches(template, filter);
  const chunk = Object.values(filter).some((value) => value !== undefined) ? filteredChunk : limit + 1;

  const tenant = { scope: principal.scope, keys: await tenantKeys(principal.scope) };
  const found: Template[] = [];
  let position: Position | undefined = start;
  for (let queries = 0; position !== undefined && queries < mostQueries && found.length <= limit; queries += 1) {
    const page = await templatePage(tenant, position.scope, chunk, position.after);
    found.push(...page.templates.filter(isWanted));
    position = positionAfter(position, page.lastTemplateId, scope);
  }

  const templates = found.slice(0, limit);
  const last = templates.at(-1);
  const next = found.length > limit && last !== undefined ? { scope: last.scope, after: last.templateId } : position;
  const uses = await countsOfUses(
    principal.scope,
    templates.map(({ templateId }) => templateId),
  );
  return {
    items: templates.map((template) => viewOf(template, uses.get(template.templateId) ?? 0)),
    nextCursor: next === undefined ? null : encodeCursor(list, { scope: next.scope, after: next.after ?? '' }),
  };
};

const firstOf = (scope: TemplateScope = 'tenant'): Position => ({ scope, after: undefined });

function positionAfter(
  { scope }: Position,
  lastTemplateId: string | undefined,
  only: TemplateScope | undefined,
): Position | undefined {
  if (lastTemplateId !== undefined) return { scope, after: lastTemplateId };
  return scope === 'tenant' && only === undefined ? firstOf('global') : undefined;
}

function positionIn(list: string, cursor: string, only: TemplateScope | undefined): Position | undefined {
  const { scope, after } = decodeCursor(list, cursor) ?? {};
  if ((scope !== 'tenant' && scope !== 'global') || after === undefined) return undefined;
  if ((only !== undefined && scope !== only) || (after !== '' && !ulidPattern.test(after))) return undefined;
  return { scope, after: after === '' ? undefined : after };
}
