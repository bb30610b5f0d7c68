import { ulid } from 'ulid';
import { keys } from '../../../shared/core/table/keys.ts';
import { mostTemplates } from '../../../shared/features/templates/template-rules.ts';
import { createdTemplate, newReply, templateCalls } from '../templates/template-calls.ts';
import { withValue } from './attachment-provocations.ts';
import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

export const onTemplate = ({ admin, template }: Stage) => ({ by: admin, params: { templateId: template } });

export const unknownTemplate: Provocation = {
  provoke: (_, { send }) => send({ params: { templateId: ulid() } }),
};

export const onGlobalTemplate: Provocation = {
  provoke: (stage, { send }) => send({ params: { templateId: stage.globalTemplate } }),
};

export const onDeletedTemplate: Provocation = {
  provoke: async (stage, { send }) => {
    const templateId = await newDeleted(stage);
    return send({ params: { templateId } });
  },
  changes: 'a template is created and deleted first',
};

/** Runs the provocation while the tenant has as many templates as it may have. */
export function atTheLimit(provoke: Provocation['provoke']): Provocation['provoke'] {
  return (stage, operation) =>
    withValue(stage, keys.templateCount(), 'templates', mostTemplates, () => provoke(stage, operation));
}

export async function newDeleted(stage: Stage): Promise<string> {
  const templateId = await createdTemplate(stage.test, stage.admin, newReply());
  const { status, text } = await templateCalls(stage.test).delete(stage.admin, templateId);
  if (status !== 204) throw new Error(text);
  return templateId;
}
