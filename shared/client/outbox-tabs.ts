import type { PendingMessage, SendOutcome } from './pending-message.ts';

export type TabMessage =
  | { readonly kind: 'item'; readonly pending: PendingMessage }
  | {
      readonly kind: 'settled';
      readonly conversationId: string;
      readonly localId: string;
      /** Absent if the user discarded the item. */
      readonly outcome?: SendOutcome;
    };

/** Only the leader sends. When it closes or crashes, another tab leads. */
export interface OutboxTabs {
  post(message: TabMessage): void;
  leave(): void;
}

export type JoinTabs = (name: string, lead: () => void, onMessage: (message: TabMessage) => void) => OutboxTabs;

/**
 * Plain HTTP and sandboxed frames lack Web Locks, so every tab leads: messages are still stored once, but in undefined
 * order across tabs. https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 */
export const joinTabs: JoinTabs = (name, lead, onMessage) => {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  channel?.addEventListener('message', ({ data }: MessageEvent) => onMessage(data as TabMessage));
  const left = new AbortController();
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined || channel === undefined) lead();
  else {
    const holdLock = (): Promise<void> =>
      new Promise((resolve) => {
        left.signal.addEventListener('abort', () => resolve());
        if (left.signal.aborted) resolve();
        else lead();
      });
    locks.request(name, { signal: left.signal }, holdLock).catch(() => {
      // Rejects if this tab leaves first, or locks are not allowed.
      if (!left.signal.aborted) lead();
    });
  }
  return {
    post: (message) => channel?.postMessage(message),
    leave: () => {
      left.abort();
      channel?.close();
    },
  };
};
