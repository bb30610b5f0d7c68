import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import type { LoginRequest } from '../../../shared/client/session.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { OpenChat } from './conversation.ts';
import { People } from './people.ts';

export interface ChatPlace {
  readonly url: string;
  readonly socketUrl: string;
  readonly login: LoginRequest;
  /** E-mail addresses or user names of the others: one of a direct conversation, any number of a new group. */
  readonly others: readonly string[];
  /** The name of a group that is opened, or started if there is none. */
  readonly group?: string;
}

/** Logs in and finds the conversation, or starts it. Nothing is shown yet. */
export async function openChat({ others, group, ...place }: ChatPlace): Promise<OpenChat> {
  const client = await createChatClient(place).catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.problem.code !== 'INVALID_CREDENTIALS') throw error;
    throw new CommandFailure(
      exitCodes.refused,
      'Tenant, user and password do not fit together. Check --tenant and --as, and the password.',
    );
  });
  try {
    const people = new People(client);
    const conversation =
      group === undefined ? await direct(client, people, others) : await findGroup(client, people, group, others);
    const chat = new OpenChat(client, people, conversation);
    await people.know(chat.otherIds);
    return chat;
  } catch (error) {
    await endSession(client);
    throw error;
  }
}

async function direct(client: ChatClient, people: People, others: readonly string[]): Promise<Conversation> {
  const [other = ''] = others;
  return client.startDirect(await idOf(client, people, other));
}

async function findGroup(
  client: ChatClient,
  people: People,
  name: string,
  others: readonly string[],
): Promise<Conversation> {
  const groups = (await client.conversations()).filter((each) => each.kind === 'group' && each.name === name);
  const [found] = groups;
  if (groups.length > 1) {
    throw new CommandFailure(
      exitCodes.refused,
      `You are in ${groups.length} groups called ${name}. Rename one of them.`,
    );
  }
  if (found !== undefined) return found;
  const participants: { userId: string }[] = [];
  for (const other of others) participants.push({ userId: await idOf(client, people, other) });
  return client.groups.create({ name, participants });
}

/** @throws CommandFailure if there is no such person. */
export async function idOf(client: ChatClient, people: People, who: string): Promise<string> {
  const person = await client.findUser(who);
  if (person === undefined) {
    throw new CommandFailure(
      exitCodes.refused,
      `The tenant has no active user ${who}: give an e-mail address or a user name of it.`,
    );
  }
  people.learn(person);
  return person.id;
}

/** A session that cannot be ended now ends by itself some day; nobody waits for it. */
async function endSession(client: ChatClient): Promise<void> {
  await client.logout().catch(() => undefined);
}
