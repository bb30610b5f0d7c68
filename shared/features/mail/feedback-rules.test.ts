import { describe, expect, it } from 'vitest';
import { feedbackIn } from './feedback-rules.ts';

const tenantId = '01KAJ6Y3Z8W2Q4R7T9V1X5N0MB';
const tags = { tenant: [tenantId], kind: ['digest'], 'ses:configuration-set': ['switchboard-dev'] };

function bounced(bounceType: string, emailAddress = 'sam@example.com') {
  const bounce = { bounceType, feedbackId: 'f1', bouncedRecipients: [{ emailAddress, action: 'failed' }] };
  return { detail: { eventType: 'Bounce', mail: { messageId: 'm', tags }, bounce } };
}

describe('feedback of SES', () => {
  it('names the tenant and the address of a permanent bounce', () => {
    expect(feedbackIn(bounced('Permanent', 'Sam <sam@example.com>'))).toEqual({
      tenantId,
      feedback: [{ reason: 'bounce', kind: 'digest', address: 'sam@example.com', feedbackId: 'f1' }],
    });
  });

  it.each(['Transient', 'Undetermined'])('ignores a bounce of the type %s', (bounceType) => {
    expect(feedbackIn(bounced(bounceType)).feedback).toEqual([]);
  });

  it('names every recipient who complained', () => {
    const complainedRecipients = [{ emailAddress: 'a@example.com' }, { emailAddress: 'b@example.com' }];
    const complaint = { feedbackId: 'f2', complainedRecipients };
    const { feedback } = feedbackIn({ detail: { eventType: 'Complaint', mail: { tags }, complaint } });
    expect(feedback.map(({ reason, address }) => [reason, address])).toEqual([
      ['complaint', 'a@example.com'],
      ['complaint', 'b@example.com'],
    ]);
  });

  it('rejects an event without the tags of our mails', () => {
    expect(() => feedbackIn({ detail: { mail: { tags: {} } } })).toThrow();
  });
});
