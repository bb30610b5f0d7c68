import type { PendingMessage, SendOutcome } from './pending-message.ts';

/** What the tabs of a browser tell each other about the outbox that they share. */
export type TabNote =
  | { readonly kind: 'item'; readonly pending: PendingMessage }
  | {
      readonly kind: 'settled';
      readonly conversationId: string;
      readonly localId: string;
      /** Absent if it was given up. */
      readonly outcome?: SendOutcome;
    };

/** The tabs that share an outbox. One of them leads: it alone sends. When it is closed, or dies, another one leads. */
export interface OutboxTabs {
  tell(note: TabNote): void;
  leave(): void;
}

/** What another program has to offer where there are no Web Locks: `lead` runs once this tab is to send. */
export type JoinTabs = (name: string, lead: () => void, onNote: (note: TabNote) => void) => OutboxTabs;

/**
 * The browser chooses the leader: the tab that holds the lock named after the outbox. Pages of plain http and sandboxed
 * frames have no Web Locks, so each tab sends for itself. The server still stores each message once, but the order of
 * messages from several tabs is undefined. https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 */
export const joinTabs: JoinTabs = (name, lead, onNote) => {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  channel?.addEventListener('message', ({ data }: MessageEvent) => onNote(data as TabNote));
  const over = new AbortController();
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined || channel === undefined) lead();
  else {
    const whileHere = (): Promise<void> =>
      new Promise((resolve) => {
        over.signal.addEventListener('abort', () => resolve());
        if (over.signal.aborted) resolve();
        else lead();
      });
    locks.request(name, { signal: over.signal }, whileHere).catch(() => {
      // Rejects when this tab leaves before it became the leader, or where locks are not allowed.
      if (!over.signal.aborted) lead();
    });
  }
  return {
    tell: (note) => channel?.postMessage(note),
    leave: () => {
      over.abort();
      channel?.close();
    },
  };
};
