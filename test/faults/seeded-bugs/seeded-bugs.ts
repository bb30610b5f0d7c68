import { attachmentBugs } from './attachment-bugs.ts';
import { clientBugs } from './client-bugs.ts';
import { conversationBugs } from './conversation-bugs.ts';
import { deskBugs } from './desk-bugs.ts';
import { deskRuleBugs } from './desk-rule-bugs.ts';
import { identityBugs } from './identity-bugs.ts';
import { logBugs } from './log-bugs.ts';
import { replyAndFormBugs } from './reply-and-form-bugs.ts';
import { searchBugs } from './search-bugs.ts';
import type { SeededBug } from './seeded-bug.ts';
import { tableBugs } from './table-bugs.ts';
import { templateBugs } from './template-bugs.ts';
import { timerBugs } from './timer-bugs.ts';

export const seededBugs: readonly SeededBug[] = [
  ...logBugs,
  ...conversationBugs,
  ...attachmentBugs,
  ...tableBugs,
  ...clientBugs,
  ...identityBugs,
  ...templateBugs,
  ...searchBugs,
  ...deskRuleBugs,
  ...deskBugs,
  ...replyAndFormBugs,
  ...timerBugs,
];
