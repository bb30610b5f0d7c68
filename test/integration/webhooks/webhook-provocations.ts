import { ulid } from 'ulid';
import { laneKeys } from '../../../shared/core/table/integration-keys.ts';
import { webhookDestination } from '../../../shared/features/webhooks/webhook-store.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { Provocation } from '../problems/provocation.ts';
import type { Stage } from '../problems/stage.ts';
import { announce, newWebhook, quietTypes } from './webhook-calls.ts';

export const unknownWebhook: Provocation = { provoke: (_, { send }) => send({ params: { webhookId: ulid() } }) };

export const unknownDelivery: Provocation = {
  provoke: ({ webhook }, { send }) => send({ params: { webhookId: webhook, deliveryId: ulid() } }),
};

export const unknownWebhookOfDelivery: Provocation = {
  provoke: ({ webhookDelivery }, { send }) => send({ params: { webhookId: ulid(), deliveryId: webhookDelivery } }),
};

/** Disables the stage's webhook for the time of the request. */
export const whileDisabled: Provocation = {
  provoke: async ({ test, admin, webhook }, { send }) => {
    await succeed(test, admin, 'PATCH', `/admin/webhooks/${webhook}`, { enabled: false });
    const answer = await send();
    await succeed(test, admin, 'PATCH', `/admin/webhooks/${webhook}`, { enabled: true });
    return answer;
  },
  changes: 'the webhook is disabled and enabled',
};

/** A delivery that waits until its receiver works. */
export const whilePending: Provocation = {
  provoke: async ({ test, admin }, { send }) => {
    const { id, host } = await newWebhook(test, admin, `down-${ulid().toLowerCase()}`, quietTypes);
    test.run.farSides.behave(host, { kind: 'answer', status: 503 });
    const [deliveryId = ''] = await announce(test, admin, id);
    const answer = await send({ params: { webhookId: id, deliveryId } });
    await succeed(test, admin, 'DELETE', `/admin/webhooks/${id}`);
    return answer;
  },
  changes: 'a webhook is created and deleted',
};

/** Stores a replay that never ends. */
export const whileReplaying: Provocation = {
  provoke: async ({ tables, prefix, webhook }: Stage, { send }) => {
    const { pk, sk } = laneKeys.replay(webhookDestination(webhook));
    const before = await tables.get(prefix + pk, sk);
    const replay = { replayId: ulid(), from: ulid(0), to: ulid(0), createdAt: Date.now(), replayed: 0 };
    await tables.put({ pk: prefix + pk, sk, ...replay });
    const answer = await send();
    if (before === undefined) await tables.delete(prefix + pk, sk);
    else await tables.put(before);
    return answer;
  },
};
