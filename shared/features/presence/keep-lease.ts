import { log } from '../../core/runtime/logger.ts';

/** Does something about presence that what it comes with does not depend on: a failure is told to the log alone. */
export async function keepLease(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log('warn', 'presence.failed', {}, error);
  }
}
