import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';

/** What services call a refusal by IAM. */
const denialNames: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

/**
 * Counts a refusal by IAM, where tenants' data is worked on. Code that keeps to its tenant never meets one: it is a
 * mistake of ours that the last lock stopped, or a right that is missing. Other errors are none of its business.
 */
export function noteDenial(error: unknown, tenantId?: string): void {
  if (!(error instanceof Error) || !denialNames.has(error.name)) return;
  count('CrossTenantDenied');
  log('error', 'tenancy.denied', { tenantId }, error);
}

/** Does work for a tenant, and counts its refusal by IAM. */
export async function notingDenial<Result>(tenantId: string | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    noteDenial(error, tenantId);
    throw error;
  }
}
