import * as z from 'zod/mini';
import { mailKinds } from '../../contract/schemas/suppression.ts';
import type { Feedback } from './suppression-store.ts';

/** The tags of each mail. SES repeats them in its events. */
export const mailTags = { tenant: 'tenant', kind: 'kind' } as const;

const recipients = z.array(z.object({ emailAddress: z.string() }));

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const feedbackEvent = z.object({
  detail: z.object({
    mail: z.object({
      tags: z.object({
        [mailTags.tenant]: z.tuple([z.string()]),
        [mailTags.kind]: z.tuple([z.enum(mailKinds)]),
      }),
    }),
    bounce: z.optional(z.object({ bounceType: z.string(), feedbackId: z.string(), bouncedRecipients: recipients })),
    complaint: z.optional(z.object({ feedbackId: z.string(), complainedRecipients: recipients })),
  }),
});

export interface FeedbackOfTenant {
  readonly tenantId: string;
  readonly feedback: readonly Feedback[];
}

/**
 * Only permanent bounces count: SES has retried others for hours, and the next mail may arrive.
 * @throws for an event of another form.
 */
export function feedbackIn(event: unknown): FeedbackOfTenant {
  const { mail, bounce, complaint } = feedbackEvent.parse(event).detail;
  const [[tenantId], [kind]] = [mail.tags.tenant, mail.tags.kind];
  const isFinal = bounce?.bounceType === 'Permanent';
  return {
    tenantId,
    feedback: [
      ...(isFinal ? bounce.bouncedRecipients : []).map(({ emailAddress }) => ({
        ...{ reason: 'bounce' as const, kind, address: bareAddress(emailAddress) },
        feedbackId: bounce?.feedbackId ?? '',
      })),
      ...(complaint?.complainedRecipients ?? []).map(({ emailAddress }) => ({
        ...{ reason: 'complaint' as const, kind, address: bareAddress(emailAddress) },
        feedbackId: complaint?.feedbackId ?? '',
      })),
    ],
  };
}

/** SES may report `Name <address>`. */
function bareAddress(text: string): string {
  return /<([^<>]+)>/.exec(text)?.[1] ?? text.trim();
}
