import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { cursorCases } from './cursor-cases.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation } from './request-cases.ts';

/** Ids of sources that the caller's tenant does not have. */
export function sourcesSlot(
  request: (caller: Caller) => OperationRequest,
  notFound: Expectation = absent(404, 'SOURCE_NOT_FOUND'),
) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign } = caller;
    const values = wrongIds({
      own: home?.source ?? ulid(),
      foreign: foreign.source,
      foreignTenantId: foreign.tenantId,
    });
    return casesOf('path.sourceId', values, notFound, (sourceId) => {
      const { params, ...rest } = request(caller);
      return { ...rest, params: { ...params, sourceId } };
    });
  };
}

function deliveryValues({ home, foreign }: Caller) {
  return wrongIds({
    own: home?.delivery ?? ulid(),
    foreign: foreign.delivery,
    foreignTenantId: foreign.tenantId,
    // Deliveries are not sources.
    others: home?.source,
  });
}

/** Staff have no source, so their tenant refuses that first. */
function notFoundFor({ home }: Caller): Expectation {
  return home === undefined ? absent(404, 'SOURCE_NOT_FOUND') : absent(404, 'INCIDENT_DELIVERY_NOT_FOUND');
}

/** Ids of deliveries that the caller's source did not receive. */
export function deliveriesSlot(caller: Caller): readonly Case[] {
  const sourceId = caller.home?.source ?? ulid();
  return casesOf('path.deliveryId', deliveryValues(caller), notFoundFor(caller), (deliveryId) => ({
    params: { sourceId, deliveryId },
  }));
}

export function deliveriesOfBodySlot(caller: Caller): readonly Case[] {
  const sourceId = caller.home?.source ?? ulid();
  return casesOf('body.deliveryId', deliveryValues(caller), notFoundFor(caller), (deliveryId) => ({
    params: { sourceId },
    body: { deliveryId },
  }));
}

/** Cursors of a list below a source. The cursor is judged before the source. */
export function cursorsOfSource(caller: Caller): readonly Case[] {
  const sourceId = caller.home?.source ?? ulid();
  return cursorCases(caller).map((each) => ({ ...each, request: { ...each.request, params: { sourceId } } }));
}

export const ofOwnSource = ({ home }: Caller, request: OperationRequest, done: Expectation): readonly Case[] =>
  home === undefined ? [] : [{ name: 'own', request: { params: { sourceId: home.source }, ...request }, ...done }];
