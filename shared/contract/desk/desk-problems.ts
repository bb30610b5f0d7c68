import { conversationBusy, conversationNotFound, illegalTransition } from '../problems.ts';
import { notASupportConversation } from './problems.ts';

/** The problems of every operation that changes a support conversation. */
export const deskProblems = [
  conversationNotFound,
  notASupportConversation,
  illegalTransition,
  conversationBusy,
] as const;
