import { tooManyTests, webhookNotFound } from '../../contract/webhooks/problems.ts';
import type { testWebhook as testWebhookRoute } from '../../contract/webhooks/webhooks.ts';
import { shownError } from '../../core/egress/network-error-rules.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { UseCase } from '../../core/use-case.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import type { AttemptLimit } from '../identity/attempt-limits.ts';
import { cutAnswer } from '../lanes/delivery-text.ts';
import { isSuccess } from './answer-rules.ts';
import { sendSigned } from './send-signed.ts';
import { readWebhook } from './webhook-store.ts';

/** Six a minute. */
const testLimit: AttemptLimit = { name: 'webhook-test', burst: 6, intervalMs: 10_000 };

/** Leaves the webhook, its deliveries and its gate as they are. */
export const testWebhook: UseCase<typeof testWebhookRoute> = async ({ scope }, { webhookId }) => {
  const webhook = await readWebhook(scope, webhookId);
  if (webhook === undefined) return refuse(webhookNotFound);
  const retryAfterMs = await countAttempt(tenantBucket(scope, testLimit, webhookId));
  if (retryAfterMs > 0) return refuse(tooManyTests, { retryAfterMs });
  const [id, startedAt] = [newId(), now()];
  const event = { id, type: 'webhook.test', at: toTimestamp(startedAt), tenantId: scope.tenantId, data: {} };
  const answer = await sendSigned(scope, webhook, id, JSON.stringify(event));
  const durationMs = now() - startedAt;
  if (!answer.answered) return { delivered: false, error: shownError(answer.error), durationMs };
  const { status, body } = answer;
  const delivered = isSuccess(status);
  return {
    delivered,
    httpStatus: status,
    ...(delivered ? {} : { error: 'status' }),
    answer: cutAnswer(body.toString('utf8')),
    durationMs,
  };
};
