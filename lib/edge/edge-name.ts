import type { Stage } from '../settings.ts';

/** Names of CloudFront and AWS WAF are global, so they include the region. */
export function edgeName({ prefix, settings }: Stage, name: string): string {
  return `${prefix}-${settings.region}-${name}`;
}
