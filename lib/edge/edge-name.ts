import type { Stage } from '../settings.ts';

/**
 * CloudFront has no regions, and its web ACLs are all in one: names are unique in the account, so those of a stage need the
 * stage's region as well.
 */
export function edgeName({ prefix, settings }: Stage, name: string): string {
  return `${prefix}-${settings.region}-${name}`;
}
