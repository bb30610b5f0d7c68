import { conversationBusy, conversationNotFound, notAGroup, notGroupAdmin, throttled } from '../problems.ts';

/** Problems of every change of a group. */
export const groupChangeProblems = [
  conversationNotFound,
  notAGroup,
  notGroupAdmin,
  throttled,
  conversationBusy,
] as const;
