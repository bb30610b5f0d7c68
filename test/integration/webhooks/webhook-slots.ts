import { ulid } from 'ulid';
import type { Caller } from '../matrix/caller.ts';
import { wrongIds } from '../matrix/id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Matrix } from '../matrix/request-cases.ts';
import type { OperationRequest } from '../system/operations.ts';
import type { TenantWorld } from '../system/world.ts';

const webhookAbsent = absent(404, 'WEBHOOK_NOT_FOUND');
const deliveryAbsent = absent(404, 'WEBHOOK_DELIVERY_NOT_FOUND');

/** Requests about one webhook of the caller's tenant. */
export function onWebhook(
  done: Expectation,
  request: OperationRequest = {},
  own: (home: TenantWorld) => string = ({ webhook }) => webhook,
  more: Matrix['slots'] = {},
): Matrix {
  const about = (webhookId: string) => ({ ...request, params: { ...request.params, webhookId } });
  return {
    own: ({ home }) => (home === undefined ? [] : [{ name: 'own', request: about(own(home)), ...done }]),
    slots: {
      'path.webhookId': ({ home, foreign }) =>
        casesOf('path.webhookId', idsOf(home?.webhook, foreign.webhook, foreign), webhookAbsent, about),
      ...more,
    },
  };
}

/** Requests about one delivery of the caller's webhook. */
export function onDelivery(done: Expectation): Matrix {
  return {
    own: ({ home }) =>
      home === undefined
        ? []
        : [
            {
              name: 'own',
              request: { params: { webhookId: home.webhook, deliveryId: home.webhookDelivery } },
              ...done,
            },
          ],
    slots: {
      'path.webhookId': ({ home, foreign }) =>
        casesOf('path.webhookId', idsOf(home?.webhook, foreign.webhook, foreign), webhookAbsent, (webhookId) => ({
          params: { webhookId, deliveryId: home?.webhookDelivery ?? ulid() },
        })),
      'path.deliveryId': ({ home, foreign }: Caller): readonly Case[] =>
        home === undefined
          ? []
          : casesOf(
              'path.deliveryId',
              idsOf(home.webhookDelivery, foreign.webhookDelivery, foreign),
              deliveryAbsent,
              (deliveryId) => ({
                params: { webhookId: home.webhook, deliveryId },
              }),
            ),
    },
  };
}

function idsOf(own: string | undefined, foreignId: string, { tenantId }: TenantWorld) {
  return wrongIds({ own: own ?? ulid(), foreign: foreignId, foreignTenantId: tenantId });
}
