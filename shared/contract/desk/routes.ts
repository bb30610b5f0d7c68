import { listAgents, listAvailableAgents, updateAgent } from './agents.ts';
import { assignConversation, listAssignments, transferConversation, unassignConversation } from './assignment.ts';
import { getCounts } from './counts.ts';
import { answerForm, sendForm } from './forms.ts';
import { bulkConversations } from './bulk.ts';
import { createNote } from './notes.ts';
import { acknowledgeConversation, closeConversation, reopenConversation, resolveConversation } from './status.ts';
import { wipeConversation } from './wipe.ts';

export const deskRoutes = [
  assignConversation,
  unassignConversation,
  transferConversation,
  resolveConversation,
  closeConversation,
  reopenConversation,
  acknowledgeConversation,
  createNote,
  sendForm,
  answerForm,
  listAssignments,
  getCounts,
  wipeConversation,
  bulkConversations,
] as const;

/** Served by the function of the teams, which agents belong to. */
export const agentRoutes = [listAgents, listAvailableAgents, updateAgent] as const;
