import type { testIncidentRules as testRoute } from '../../contract/incidents/deliveries.ts';
import { deliveryWithoutPayload, incidentDeliveryNotFound, sourceNotFound } from '../../contract/incidents/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { adaptBody } from './adapters/adapt-rules.ts';
import { mostResults, readDelivery, readPayload } from './delivery-store.ts';
import { route } from './routing-rules.ts';
import { openTexts, readSource } from './source-store.ts';

/** Reads only. */
export const testIncidentRules: UseCase<typeof testRoute> = async (principal, input) => {
  const { scope } = principal;
  const [source, keys] = await settleAll([readSource(scope, input.sourceId), tenantKeys(scope)]);
  if (source === undefined) return refuse(sourceNotFound);
  const sample = await sampleOf(principal, input);
  if (isRefusal(sample)) return sample;
  const rules = input.rules ?? openTexts(keys, scope, source).rules;
  const { payload, adapted } = adaptBody(source, sample.body, sample.receivedAt);
  if ('refused' in adapted) return { refused: adapted.refused, results: [] };
  return {
    results: adapted.slice(0, mostResults).map((found) => {
      const routed = route(rules, found, payload);
      if (routed === undefined) return { incident: found.incident };
      const { subject, message, priority, tags } = routed.opening;
      return {
        incident: found.incident,
        rule: routed.rule.name,
        conversation: { subject, message, priority, tags: [...tags] },
      };
    }),
  };
};

async function sampleOf({ scope }: Principal, { sourceId, deliveryId, payload }: InputOf<typeof testRoute>) {
  if (deliveryId === undefined) return { body: JSON.stringify(payload), receivedAt: now() };
  const [delivery, keys] = await settleAll([readDelivery(scope, sourceId, deliveryId), tenantKeys(scope)]);
  if (delivery === undefined) return refuse(incidentDeliveryNotFound);
  const body = await readPayload(scope, keys, deliveryId);
  return body === undefined ? refuse(deliveryWithoutPayload) : { body, receivedAt: delivery.receivedAt };
}
