import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import type { LoginRequest } from '../../../shared/client/session.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { OpenChat } from './conversation.ts';
import { People } from './people.ts';

export interface ChatTarget {
  readonly url: string;
  readonly socketUrl: string;
  readonly login: LoginRequest;
  /** E-mail addresses or user names: exactly one unless a group is named. */
  readonly others: readonly string[];
  /** Created if it does not exist. */
  readonly group?: string;
}

export async function openChat({ others, group, ...connection }: ChatTarget): Promise<OpenChat> {
  const client = await createChatClient(connection).catch((error: unknown) => {
    if (!(error instanceof RefusedError) || error.problem.code !== 'INVALID_CREDENTIALS') throw error;
    throw new CommandFailure(
      exitCodes.refused,
      'The tenant, user or password is wrong. Check --tenant, --as and the password.',
    );
  });
  try {
    const people = new People(client);
    const conversation =
      group === undefined ? await direct(client, people, others) : await findGroup(client, people, group, others);
    const chat = new OpenChat(client, people, conversation);
    await people.load(chat.otherIds);
    return chat;
  } catch (error) {
    // The session expires by itself.
    await client.logout().catch(() => undefined);
    throw error;
  }
}

async function direct(client: ChatClient, people: People, others: readonly string[]): Promise<Conversation> {
  const [emailOrUsername = ''] = others;
  return client.startDirect(await idOf(client, people, emailOrUsername));
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
      `You are in ${groups.length} groups named ${name}. Rename one of them.`,
    );
  }
  if (found !== undefined) return found;
  const participants: { userId: string }[] = [];
  for (const each of others) participants.push({ userId: await idOf(client, people, each) });
  return client.groups.create({ name, participants });
}

/** @throws CommandFailure if the tenant has no such user. */
export async function idOf(
  client: Pick<ChatClient, 'findUser'>,
  people: People,
  emailOrUsername: string,
): Promise<string> {
  const person = await client.findUser(emailOrUsername);
  if (person === undefined) {
    throw new CommandFailure(
      exitCodes.refused,
      `The tenant has no active user ${emailOrUsername}. Enter an e-mail address or user name of the tenant.`,
    );
  }
  people.add(person);
  return person.id;
}
