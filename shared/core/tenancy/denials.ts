import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';

const denialNames: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

/** Counts and logs a denial by IAM: a bug, or a missing permission. Ignores other errors. */
export function noteDenial(error: unknown, tenantId?: string): void {
  if (!(error instanceof Error) || !denialNames.has(error.name)) return;
  count('CrossTenantDenied');
  log('error', 'tenancy.denied', { tenantId }, error);
}

export async function notingDenial<Result>(tenantId: string | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    noteDenial(error, tenantId);
    throw error;
  }
}
