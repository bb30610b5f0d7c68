import type { Stage } from '../settings.ts';

/**
 * CloudFront is global, and its web ACLs are all in one region. Names are unique in the account, so a stage's names
 * also contain its region.
 */
export function edgeName({ prefix, settings }: Stage, name: string): string {
  return `${prefix}-${settings.region}-${name}`;
}
