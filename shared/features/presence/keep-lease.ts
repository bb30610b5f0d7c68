import { log } from '../../core/runtime/logger.ts';

/** Only logs a failure, because the calling operation does not depend on presence. */
export async function keepLease(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log('warn', 'presence.failed', {}, error);
  }
}
