import { log } from '../../core/runtime/logger.ts';

/** Waits for a change of a lease. Only logs a failure, because the calling operation does not depend on presence. */
export async function keepLease(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log('warn', 'presence.failed', {}, error);
  }
}
