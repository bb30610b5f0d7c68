import { conversationBusy, conversationNotFound, illegalTransition } from '../problems.ts';
import { notASupportConversation } from './problems.ts';

/** The problems of an operation that every status allows. */
export const statelessDeskProblems = [conversationNotFound, notASupportConversation, conversationBusy] as const;

/** The problems of every other operation that changes a support conversation. */
export const deskProblems = [...statelessDeskProblems, illegalTransition] as const;
