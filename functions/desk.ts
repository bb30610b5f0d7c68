import { deskRoutes } from '../shared/contract/desk/routes.ts';
import { bulkConversations } from '../shared/features/bulk/bulk-conversations.ts';
import { assignConversation } from '../shared/features/desk/assign-conversation.ts';
import {
  acknowledgeConversation,
  closeConversation,
  reopenConversation,
  resolveConversation,
} from '../shared/features/desk/change-status.ts';
import { answerForm } from '../shared/features/desk/forms/answer-form.ts';
import { sendForm } from '../shared/features/desk/forms/send-form.ts';
import { createNote } from '../shared/features/desk/create-note.ts';
import { getCounts } from '../shared/features/desk/get-counts.ts';
import { listAssignments } from '../shared/features/desk/list-assignments.ts';
import { transferConversation } from '../shared/features/desk/transfer-conversation.ts';
import { unassignConversation } from '../shared/features/desk/unassign-conversation.ts';
import { wipeConversation } from '../shared/features/desk/wipe-conversation.ts';
import { serve } from '../shared/transport/http.ts';
import { storedAnswer } from '../shared/transport/stored-answer.ts';

export const handler = serve(deskRoutes, {
  assignConversation,
  unassignConversation,
  transferConversation,
  resolveConversation,
  closeConversation,
  reopenConversation,
  acknowledgeConversation,
  createNote: async (...call) => storedAnswer(await createNote(...call)),
  sendForm: async (...call) => storedAnswer(await sendForm(...call)),
  answerForm: async (...call) => storedAnswer(await answerForm(...call)),
  listAssignments,
  getCounts,
  wipeConversation,
  bulkConversations,
});
