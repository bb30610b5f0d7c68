import type { Stage } from '../settings.ts';

/** CloudFront has no regions: its names are unique in the account, so that of a stage needs the stage's region as well. */
export function edgeName({ prefix, settings }: Stage, name: string): string {
  return `${prefix}-${settings.region}-${name}`;
}
