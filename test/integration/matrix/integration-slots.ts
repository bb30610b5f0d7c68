import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Matrix } from './request-cases.ts';

export const integrationAbsent = absent(404, 'INTEGRATION_NOT_FOUND');

export function integrationsSlot(
  slot: string,
  request: (caller: Caller, integrationId: string) => OperationRequest,
  notFound: Expectation = integrationAbsent,
) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign } = caller;
    const values = wrongIds({
      own: home?.integration ?? ulid(),
      foreign: foreign.integration,
      foreignTenantId: foreign.tenantId,
    });
    return casesOf(slot, values, notFound, (integrationId) => request(caller, integrationId));
  };
}

/** A request about one integration of the caller's tenant. */
export function onIntegration(
  request: (caller: Caller) => OperationRequest,
  done: Expectation,
  own: (caller: Caller) => string | undefined = ({ home }) => home?.integration,
): Matrix {
  const to = (caller: Caller, integrationId: string): OperationRequest => {
    const { params, ...rest } = request(caller);
    return { ...rest, params: { ...params, integrationId } };
  };
  return {
    own: (caller) => {
      const integrationId = own(caller);
      return integrationId === undefined ? [] : [{ name: 'own', request: to(caller, integrationId), ...done }];
    },
    slots: { 'path.integrationId': integrationsSlot('path.integrationId', to) },
  };
}
