import type { createTemplate as createTemplateRoute } from '../../contract/templates/create-template.ts';
import type { NewTemplate, TemplateView } from '../../contract/schemas/template.ts';
import { notPlatformStaff } from '../../contract/templates/problems.ts';
import type { RouteProblem } from '../../contract/kit/define-route.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { storeOf, viewWithUses } from './find-template.ts';
import type { Template } from './template.ts';
import { contentOf, mayManage, sameContent } from './template-rules.ts';
import type { TemplateStore } from './template-store.ts';
import { refusalOf } from './write-refusal.ts';

type CreateRefusal = Refusal<RouteProblem<typeof createTemplateRoute>>;

interface Created {
  readonly created: boolean;
  readonly template: TemplateView;
}

export async function createTemplate(
  principal: Principal,
  { scope, ...input }: InputOf<typeof createTemplateRoute>,
): Promise<Created | CreateRefusal> {
  if (!mayManage(principal.role, scope)) return refuse(notPlatformStaff);
  const outcome = await addTemplate(await storeOf(principal, scope), input);
  if (isRefusal(outcome)) return outcome;
  return { created: outcome.created, template: await viewWithUses(principal, outcome.template) };
}

/** Recognises a repetition by the template's key and content. */
export async function addTemplate(
  store: TemplateStore,
  input: NewTemplate,
): Promise<{ readonly created: boolean; readonly template: Template } | CreateRefusal> {
  const { kind, language } = input;
  const at = now();
  const template: Template = {
    ...{ templateId: newId(), scope: store.scope, kind, language, content: contentOf(input) },
    ...{ createdAt: at, updatedAt: at, revision: 1 },
  };
  const write = await store.create(template);
  if (write === 'written') return { created: true, template };
  // A repetition can also fail for its shortcut or for the limit.
  const existing = await store.findByKey(language, template.content.key);
  if (existing?.kind === kind && sameContent(existing.content, template.content)) {
    return { created: false, template: existing };
  }
  if (write === 'changed') throw new Error('A new id was used before');
  return refusalOf(write);
}
