import { rotationOpen, webhookNotFound } from '../../contract/webhooks/problems.ts';
import type { rotateWebhookSecret as rotateWebhookSecretRoute } from '../../contract/webhooks/webhooks.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Expression } from '../../core/table/expression.ts';
import { webhookKey } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { newSecret } from './signature.ts';
import type { WebhookItem } from './webhook-item.ts';
import { readWebhook } from './webhook-store.ts';
import { sealText } from './webhook-texts.ts';

const hourMs = 60 * 60 * 1000;

export const rotateWebhookSecret: UseCase<typeof rotateWebhookSecretRoute> = async (
  { scope },
  { webhookId, overlapHours },
) => {
  const [item, keys] = await settleAll([readWebhook(scope, webhookId), tenantKeys(scope)]);
  if (item === undefined) return refuse(webhookNotFound);
  const at = now();
  const secret = newSecret();
  const until = overlapHours === 0 ? undefined : at + overlapHours * hourMs;
  const isClosed: Expression = {
    expression: 'attribute_not_exists(#previousSecretUntil) OR #previousSecretUntil <= :now',
    values: { now: at },
  };
  const isStored: Expression = { expression: '#secret = :old', values: { old: item.secret } };
  const outcome = await tenantTable(scope).update<WebhookItem>(
    webhookKey(webhookId),
    changeTo(sealText(keys, scope, webhookId, 'secret', secret), item, until, at),
    until === undefined
      ? isStored
      : {
          expression: `${isStored.expression} AND (${isClosed.expression})`,
          values: { ...isStored.values, ...isClosed.values },
        },
  );
  if (outcome.written) return { secret, previousSecretExpiresAt: until === undefined ? null : toTimestamp(until) };
  return refuse(outcome.existing === undefined ? webhookNotFound : rotationOpen);
};

function changeTo(secret: Uint8Array, item: WebhookItem, until: number | undefined, at: number): Expression {
  const updatedAt = Math.max(at, item.updatedAt + 1);
  if (until === undefined) {
    return {
      expression: 'SET #secret = :secret, #updatedAt = :updatedAt REMOVE #previousSecret, #previousSecretUntil',
      values: { secret, updatedAt },
    };
  }
  return {
    expression:
      'SET #secret = :secret, #previousSecret = :previous, #previousSecretUntil = :until, #updatedAt = :updatedAt',
    values: { secret, previous: item.secret, until, updatedAt },
  };
}
