import { conversationBusy, conversationNotFound, notAGroup, notGroupAdmin, throttled } from '../problems.ts';

export const groupChangeProblems = [
  conversationNotFound,
  notAGroup,
  notGroupAdmin,
  throttled,
  conversationBusy,
] as const;
