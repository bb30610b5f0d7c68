import { conversationBusy, conversationNotFound, notAGroup, notGroupAdmin, throttled } from '../problems.ts';

/** Refusals that every change of a group can meet. */
export const groupChangeProblems = [
  conversationNotFound,
  notAGroup,
  notGroupAdmin,
  throttled,
  conversationBusy,
] as const;
