import { webhookUrlRefused } from '../../contract/webhooks/problems.ts';
import { egressPolicy } from '../../core/egress/egress-policy.ts';
import { flawTexts, judgeUrl } from '../../core/egress/url-rules.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';

/** Judges the text only. The addresses behind it are judged at every delivery. */
export function urlRefusal(url: string): Refusal<typeof webhookUrlRefused> | undefined {
  const judged = judgeUrl(url, egressPolicy());
  if (typeof judged !== 'string') return undefined;
  return refuse(webhookUrlRefused, { errors: [{ pointer: '/url', code: judged, detail: flawTexts[judged] }] });
}
