import { clientBugs } from './client-bugs.ts';
import { identityBugs } from './identity-bugs.ts';
import { logBugs } from './log-bugs.ts';
import type { SeededBug } from './seeded-bug.ts';
import { tableBugs } from './table-bugs.ts';
import { templateBugs } from './template-bugs.ts';

export const seededBugs: readonly SeededBug[] = [
  ...logBugs,
  ...tableBugs,
  ...clientBugs,
  ...identityBugs,
  ...templateBugs,
];
