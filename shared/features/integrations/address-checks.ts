import { integrationInvalid } from '../../contract/integrations/problems.ts';
import type { IntegrationSystem } from '../../contract/schemas/integration.ts';
import { egressPolicy } from '../../core/egress/egress-policy.ts';
import { flawTexts, judgeUrl } from '../../core/egress/url-rules.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';

/** Names the addresses that the service would not call. Their names are resolved at each call. */
export function refusalOfAddresses({ url, auth }: IntegrationSystem): Refusal<typeof integrationInvalid> | undefined {
  const addresses = [
    { pointer: '/system/url', url },
    ...(auth.type === 'oauth' ? [{ pointer: '/system/auth/tokenUrl', url: auth.tokenUrl }] : []),
  ];
  const policy = egressPolicy();
  const errors = addresses.flatMap(({ pointer, url: address }) => {
    const judged = judgeUrl(address, policy);
    return typeof judged === 'string' ? [{ pointer, code: judged, detail: flawTexts[judged] }] : [];
  });
  return errors.length === 0 ? undefined : refuse(integrationInvalid, { errors });
}
