import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';

/** The names of the errors with which services report a denial by IAM. */
const denialNames: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

/**
 * Counts and logs a denial by IAM on tenants' data: IAM stopped a bug, or a permission is missing. Ignores other
 * errors.
 */
export function noteDenial(error: unknown, tenantId?: string): void {
  if (!(error instanceof Error) || !denialNames.has(error.name)) return;
  count('CrossTenantDenied');
  log('error', 'tenancy.denied', { tenantId }, error);
}

/** Runs work for a tenant, and counts a denial by IAM. */
export async function notingDenial<Result>(tenantId: string | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    noteDenial(error, tenantId);
    throw error;
  }
}
