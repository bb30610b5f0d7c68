import { ulid } from 'ulid';
import { integrationKeys } from '../../../shared/core/table/integration-keys.ts';
import { newIntegration } from '../integrations/integration-calls.ts';
import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

export const onIntegration = ({ admin, integration }: Stage) => ({ by: admin, params: { integrationId: integration } });

export const unknownIntegration: Provocation = {
  provoke: (_, { send }) => send({ params: { integrationId: ulid() } }),
};

export const privateSystem = {
  kind: 'service-now',
  url: 'https://10.0.0.1',
  auth: { type: 'basic', username: 'a', password: 'b' },
} as const;

/** Creates further integrations until the tenant has ten, and deletes them afterwards. */
export const beyondTheLimit: Provocation = {
  provoke: async (stage, { send }) => {
    const { test, admin, tables, prefix } = stage;
    const { pk } = integrationKeys.integration('');
    const before = (await tables.items()).filter((item) => item.pk === prefix + pk).length;
    const added: string[] = [];
    for (let count = before; count < 10; count += 1) added.push((await newIntegration(test, admin)).id);
    const answer = await send();
    for (const id of added) await tables.delete(prefix + pk, id);
    return answer;
  },
  changes: 'integrations are created until the limit',
};
