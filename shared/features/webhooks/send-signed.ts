import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { callAddress, type EgressAnswer } from '../../core/egress/call-address.ts';
import { egressPolicy } from '../../core/egress/egress-policy.ts';
import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { signedHeaders } from './signature.ts';
import type { WebhookItem } from './webhook-item.ts';
import { openText } from './webhook-texts.ts';

/** Signs the body for this attempt, and sends it. */
export async function sendSigned(
  scope: TenantScope,
  webhook: WebhookItem,
  id: string,
  body: string,
): Promise<EgressAnswer> {
  const keys = await tenantKeys(scope);
  const { webhookId, secret, previousSecret, previousSecretUntil = 0 } = webhook;
  const at = now();
  const sealed = [secret, ...(previousSecret !== undefined && at < previousSecretUntil ? [previousSecret] : [])];
  const secrets = sealed.map((value) => openText(keys, scope, webhookId, 'secret', value));
  return callAddress({
    url: openText(keys, scope, webhookId, 'url', webhook.url),
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Switchboard-Webhooks/1',
      ...signedHeaders({ id, at, body }, secrets),
    },
    body,
    policy: egressPolicy(),
  });
}
