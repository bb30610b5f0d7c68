import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import { scheduleWakeUp } from '../../core/timers/schedule-wake-up.ts';
import { sendWakeUps } from '../../core/timers/send-wake-ups.ts';
import { isWithinDelay, type WakeUp } from '../../core/timers/timer-rules.ts';
import { newTimers, type NewTimer } from './new-timers-rules.ts';

const concurrentSchedules = 10;

/**
 * Announces when changed items are due. A wake-up that is sent twice does no harm.
 * @returns the changes to process again.
 */
export async function projectTimers(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const timers = newTimers(changes);
  if (timers.length === 0) return [];
  const at = now();
  const { soon = [], later = [] } = Object.groupBy(timers, ({ wakeUp }) =>
    isWithinDelay(wakeUp, at) ? 'soon' : 'later',
  );
  const wakeUps = soon.map(({ wakeUp }) => wakeUp);
  const [unsent, unscheduled] = await settleAll([sendWakeUps(wakeUps, at), scheduleAll(later)]);
  const failed = new Set<WakeUp>([...unsent, ...unscheduled]);
  return timers.filter(({ wakeUp }) => failed.has(wakeUp)).map(({ change }) => change);
}

async function scheduleAll(timers: readonly NewTimer[]): Promise<readonly WakeUp[]> {
  const failed: WakeUp[] = [];
  for await (const wakeUp of mapConcurrent(timers, concurrentSchedules, attempt)) if (wakeUp) failed.push(wakeUp);
  return failed;
}

async function attempt({ wakeUp }: NewTimer): Promise<WakeUp | undefined> {
  try {
    await scheduleWakeUp(wakeUp);
    return undefined;
  } catch (error) {
    log('error', 'wake-up.not-scheduled', { tenantId: wakeUp.tenantId }, error);
    count('Failures');
    return wakeUp;
  }
}
