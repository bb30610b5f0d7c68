import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';

/** Error names of services for a denial by IAM. */
const denialNames: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

/** Counts a denial by IAM on tenants' data: IAM stopped a mistake of ours, or a right is missing. Ignores other errors. */
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
