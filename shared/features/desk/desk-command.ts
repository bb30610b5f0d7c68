import type { AppendCommand } from '../log/append.ts';
import { claimedTime } from '../log/client-message-id.ts';
import { digestOf, type LogOwner } from '../log/log-content.ts';

type Sent = Pick<AppendCommand, 'kind' | 'senderId' | 'clientMessageId'>;

/** Appends an entry of the desk, without a limit per minute. */
export function deskCommand(owner: LogOwner, sent: Sent, content: Parameters<typeof digestOf>[1]): AppendCommand {
  return {
    ...sent,
    claimedAt: claimedTime(sent.clientMessageId),
    digest: digestOf(owner.keys, content),
    isOfSupport: true,
    deliversAgain: true,
    perMinute: null,
  };
}
