import type { Calendar } from '../../../contract/schemas/calendar.ts';
import { defaultSlaTargets, type SlaPolicy } from '../../../contract/schemas/sla-policy.ts';
import type { Priority, SlaMetric } from '../../../contract/schemas/support.ts';

/** The service level that a conversation is entitled to, by its priority and team. */
export interface SlaTerms {
  readonly calendar: Calendar;
  readonly targetMinutes: Readonly<Record<SlaMetric, number>>;
  /** Whether the resolution clock pauses from a reply until the customer's next message. */
  readonly pausesForCustomer: boolean;
}

/** Fills in the targets that the policy leaves out. */
export function slaTerms(
  policy: SlaPolicy,
  priority: Priority,
  { calendar, pausesForCustomer }: Omit<SlaTerms, 'targetMinutes'>,
): SlaTerms {
  const chosen = policy[priority];
  const standard = defaultSlaTargets[priority];
  return {
    calendar,
    pausesForCustomer,
    targetMinutes: {
      'first-response': chosen?.firstResponseMinutes ?? standard.firstResponseMinutes,
      'next-response': chosen?.nextResponseMinutes ?? standard.nextResponseMinutes,
      resolution: chosen?.resolutionMinutes ?? standard.resolutionMinutes,
    },
  };
}
