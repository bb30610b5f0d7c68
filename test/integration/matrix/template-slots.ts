import type { OperationRequest } from '../system/operations.ts';
import { ulid } from 'ulid';
import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Matrix } from './request-cases.ts';

/** Every user of a tenant sees its templates. */
export function onTemplates(
  template: (caller: Caller) => string | undefined,
  request: (caller: Caller) => OperationRequest,
  own: Expectation,
): Matrix {
  const to = (caller: Caller, templateId: string) => ({ ...request(caller), params: { templateId } });
  return {
    own: (caller) => {
      const templateId = template(caller);
      return templateId === undefined ? [] : [{ name: 'own', request: to(caller, templateId), ...own }];
    },
    slots: {
      'path.templateId': (caller): readonly Case[] => {
        const { home, foreign } = caller;
        const values = wrongIds({
          own: home?.template ?? ulid(),
          foreign: foreign.template,
          foreignTenantId: foreign.tenantId,
        });
        return casesOf('path.templateId', values, absent(404, 'TEMPLATE_NOT_FOUND'), (templateId) =>
          to(caller, templateId),
        );
      },
    },
  };
}

export const ownTemplate = ({ home }: Caller): string | undefined => home?.template;
