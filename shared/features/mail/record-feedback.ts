import { log } from '../../core/runtime/logger.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { feedbackIn } from './feedback-rules.ts';
import { suppress } from './suppression-store.ts';

/** Stops mails to addresses that bounced or complained. @param event - of SES, as EventBridge delivers it. */
export async function recordFeedback(event: unknown): Promise<void> {
  const { tenantId, feedback } = feedbackIn(event);
  const scope = TenantScope.fromMailTags({ tenantId });
  await settleAll(feedback.map((each) => suppress(scope, each)));
  for (const { reason } of feedback) log('warn', 'mail.undeliverable', { tenantId, eventType: reason });
}
