import { lastLogSeq } from '../../core/table/keys.ts';
import { isVisible, type Visibility } from '../log/access.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { type LogAddress, readBackward } from '../log/log-store.ts';

/** Most logs end with a message or a few changes. */
const firstPage = 11;
const furtherPage = 200;
/** An agents' discussion of this many pages hides the last message of a customer. */
const mostPages = 10;

/** Returns the newest entries, ascending and without gaps, back to one that the reader sees in lists. */
export async function newestThroughShown(log: LogAddress, visibility: Visibility): Promise<readonly LogEntry[]> {
  const found: LogEntry[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const wanted = page === 0 ? firstPage : furtherPage;
    const entries = await readBackward(log, found[0]?.seq ?? lastLogSeq, wanted);
    const visible = entries.filter(({ seq }) => seq >= visibility.visibleFrom);
    found.unshift(...visible);
    const shown = found.findLastIndex((entry) => entry.kind.isShown && isVisible(entry, visibility));
    if (shown >= 0) return found.slice(shown);
    if (visible.length < wanted) return found;
  }
  return found;
}
