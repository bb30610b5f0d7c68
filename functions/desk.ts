import { deskRoutes } from '../shared/contract/desk/routes.ts';
import type { Message } from '../shared/contract/schemas/message.ts';
import { answer } from '../shared/core/refusal.ts';
import { bulkConversations } from '../shared/features/bulk/bulk-conversations.ts';
import { listAgents, listAvailableAgents } from '../shared/features/desk/agents/list-agents.ts';
import { updateAgent } from '../shared/features/desk/agents/update-agent.ts';
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
import { transferConversation, unassignConversation } from '../shared/features/desk/release-conversation.ts';
import { wipeConversation } from '../shared/features/desk/wipe-conversation.ts';
import { serve } from '../shared/transport/http.ts';

interface StoredMessage {
  readonly kind: 'written' | 'duplicate';
  readonly message: Message;
}

const answerOf = ({ kind, message }: StoredMessage) =>
  ({ status: kind === 'written' ? 201 : 200, body: message }) as const;

export const handler = serve(deskRoutes, {
  assignConversation,
  unassignConversation,
  transferConversation,
  resolveConversation,
  closeConversation,
  reopenConversation,
  acknowledgeConversation,
  createNote: async (...call) => answer(await createNote(...call), answerOf),
  sendForm: async (...call) => answer(await sendForm(...call), answerOf),
  answerForm: async (...call) => answer(await answerForm(...call), answerOf),
  listAssignments,
  getCounts,
  listAgents,
  listAvailableAgents,
  updateAgent,
  wipeConversation,
  bulkConversations,
});
