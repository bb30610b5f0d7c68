import type { Stage } from '../settings.ts';

/**
 * Names a stage's resource of CloudFront or AWS WAF. Both are global and require names that are unique in the account,
 * so the name includes the stage's region.
 */
export function edgeName({ prefix, settings }: Stage, name: string): string {
  return `${prefix}-${settings.region}-${name}`;
}
