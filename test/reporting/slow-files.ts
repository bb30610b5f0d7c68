import { seed } from './seed.ts';

/** Files that take long and whose subjects seldom change. */
export const slowFiles: readonly string[] = [
  'test/browser/client.test.ts',
  'test/browser/guest.test.ts',
  'test/browser/site.test.ts',
  'test/documents/client-package.test.ts',
  'test/e2e/cli/chat.test.ts',
  'test/e2e/cli/load-templates.test.ts',
  'test/e2e/cli/seed-demo.test.ts',
  'test/faults/runs/convergence.test.ts',
  'test/integration/attachments/attachments.test.ts',
  'test/integration/crashes/attachment-crashes.test.ts',
  'test/integration/desk/absence.test.ts',
  'test/integration/desk/changed-settings.test.ts',
  'test/integration/desk/deleted-team.test.ts',
  'test/integration/edge/around-distribution.test.ts',
  'test/integration/groups/large-groups.test.ts',
  'test/integration/guests/flood.test.ts',
  'test/integration/iam/foreign-tenants.test.ts',
  'test/integration/iam/patched-functions.test.ts',
  'test/integration/identity/signing-keys.test.ts',
  'test/integration/messages/limits.test.ts',
  'test/integration/replay/desk-replay.test.ts',
  'test/integration/replay/replay-law.test.ts',
  'test/integration/search/search.test.ts',
  'test/integration/sockets/age-of-connections.test.ts',
  'test/integration/sync/long-absence.test.ts',
  'test/integration/timers/returned-wake-ups.test.ts',
];

/** The slow files that a run with a share leaves out. As many consecutive seeds as the share run all of them. */
export function filesOfOtherDays(share: string | undefined, ofSeed = seed): readonly string[] {
  const count = Number(share ?? 1);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`SHARE_OF_SLOW_FILES must be a whole number, not "${share}"`);
  return slowFiles.filter((_file, index) => (index + ofSeed) % count !== 0);
}
