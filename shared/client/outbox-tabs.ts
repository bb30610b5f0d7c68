import type { PendingMessage, SendOutcome } from './pending-message.ts';

/** A message between the tabs of a browser that share an outbox. */
export type TabMessage =
  | { readonly kind: 'item'; readonly pending: PendingMessage }
  | {
      readonly kind: 'settled';
      readonly conversationId: string;
      readonly localId: string;
      /** Absent if the user discarded the item. */
      readonly outcome?: SendOutcome;
    };

/** The tabs that share an outbox. Only the leader sends. When the leader closes or crashes, another tab leads. */
export interface OutboxTabs {
  post(message: TabMessage): void;
  leave(): void;
}

/** Joins the tabs that share the outbox `name`. Calls `lead` once this tab is the leader. */
export type JoinTabs = (name: string, lead: () => void, onMessage: (message: TabMessage) => void) => OutboxTabs;

/**
 * Elects the leader with a Web Lock. Pages served over plain HTTP and sandboxed frames have no Web Locks, so every tab
 * leads: the server still stores each message once, but the order of messages from several tabs is undefined.
 * https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
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
      // Rejects if this tab leaves before it leads, or if locks are not allowed.
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
