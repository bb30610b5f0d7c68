import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { SentMessage } from '../../../shared/client/sent.ts';
import type { PendingMessage } from '../../../shared/client/pending-message.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import type { LoginRequest } from '../../../shared/client/session.ts';
import { messagesOf, type Timeline } from '../../../shared/client/timeline.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ChatSurface, ShownMessage } from './chat-surface.ts';

export interface ChatPlace {
  readonly url: string;
  readonly socketUrl: string;
  readonly login: LoginRequest;
  /** E-mail address or user name of the other. */
  readonly other: string;
}

const historyLength = 20;

/** Two people’s conversation from one’s side. */
export interface OpenChat {
  readonly ownName: string;
  readonly otherName: string;
  /** Shows the history and everything from then on. */
  show(surface: ChatSurface): Promise<void>;
  send(text: string): SentMessage;
  /** Shows older messages than those shown so far. */
  showOlder(): Promise<void>;
  /** Tries at once whatever waits. */
  wake(): void;
  /** Resolves if the session ends without having been asked to. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Logs in and finds the conversation. Nothing is shown yet. */
export async function openChat({ other, ...place }: ChatPlace): Promise<OpenChat> {
  const client = await createChatClient(place).catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.problem.code !== 'INVALID_CREDENTIALS') throw error;
    throw new CommandFailure(
      exitCodes.refused,
      'Tenant, user and password do not fit together. Check --tenant and --as, and the password.',
    );
  });
  try {
    const person = await client.findUser(other);
    if (person === undefined) {
      throw new CommandFailure(exitCodes.refused, `The tenant has no active user ${other}. Check --with.`);
    }
    const conversation = await client.startDirect(person.id);
    const otherName = `${person.firstName} ${person.lastName}`;
    return chatOf(client, conversation.id, otherName);
  } catch (error) {
    await endSession(client);
    throw error;
  }
}

function chatOf(client: ChatClient, conversationId: string, otherName: string): OpenChat {
  const ownName = `${client.user.firstName} ${client.user.lastName}`;
  const shown = (message: Message): ShownMessage => {
    const own = message.senderId === client.user.id;
    return { message, own, from: own ? ownName : otherName };
  };
  let surface: ChatSurface | undefined;
  let oldestShown = Infinity;
  const ended = new Promise<void>((resolve) => client.on('ended', () => resolve()));
  return {
    ownName,
    otherName,
    ended,
    show: async (on) => {
      surface = on;
      on.state(client.state);
      client.on('state', (state) => on.state(state));
      const timeline = await client.open(conversationId, { limit: historyLength });
      const messages = messagesOf(timeline);
      oldestShown = messages[0]?.seq ?? Infinity;
      on.history(messages.map(shown));
      // Nothing can have come since the history: no event is taken before this function has returned.
      client.on('message', (message) => on.message(shown(message)));
      client.on('message-changed', (message) => on.changed(shown(message)));
      let pending = timeline.pending;
      client.on('timeline', (changed) => {
        if (changed.pending === pending) return;
        pending = changed.pending;
        showPending(client, on, changed);
      });
    },
    send: (text) => client.send(conversationId, text),
    showOlder: async () => {
      await client.loadOlder(conversationId, { limit: historyLength });
      const timeline = client.timeline(conversationId);
      const older = timeline === undefined ? [] : messagesOf(timeline).filter(({ seq }) => seq < oldestShown);
      oldestShown = older[0]?.seq ?? oldestShown;
      if (older.length === 0) surface?.note('There are no older messages.');
      else surface?.history(older.map(shown));
    },
    wake: () => client.wake(),
    close: () => endSession(client),
  };
}

/** What was refused for good is shown once, and given up. */
function showPending(client: ChatClient, surface: ChatSurface, { conversationId, pending }: Timeline): void {
  const isFailed = ({ state }: PendingMessage): boolean => state === 'failed';
  surface.pending(pending.filter((message) => !isFailed(message)));
  for (const message of pending.filter(isFailed)) {
    surface.failed(message);
    client.discard(conversationId, message.localId);
  }
}

/** A session that cannot be ended now ends by itself some day; nobody waits for it. */
async function endSession(client: ChatClient): Promise<void> {
  await client.logout().catch(() => undefined);
}
