import { completeAttachment } from '../shared/features/attachments/complete-attachment.ts';
import { createAttachment } from '../shared/features/attachments/create-attachment.ts';
import { getAttachment } from '../shared/features/attachments/get-attachment.ts';
import { attachmentRoutes } from '../shared/contract/attachments/routes.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(attachmentRoutes, {
  createAttachment: async (principal, input) => {
    const outcome = await createAttachment(principal, input);
    return answer(outcome, ({ created, attachment }) => ({ status: created ? 201 : 200, body: attachment }));
  },
  completeAttachment,
  getAttachment,
});
