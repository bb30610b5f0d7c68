import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { attachmentTypeOf, extensions } from '../../../shared/contract/schemas/attachment-types.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OpenChat } from './conversation.ts';
import { presenceSentence } from './message-words.ts';
import { idOf } from './open-chat.ts';

/** The message or change that a command sent, if any. */
type Sending = { readonly stored: Promise<unknown> } | undefined;

export interface ChatCommand {
  readonly usage: string;
  readonly summary: string;
  /** Runs the command with the rest of its line. Throws a CommandFailure to display. */
  readonly run: (chat: OpenChat, rest: string) => Promise<Sending> | Sending;
}

function withPerson(act: (chat: OpenChat, userId: string) => Promise<unknown>): ChatCommand['run'] {
  return async (chat, rest) => void (await act(chat, await idOf(chat.client, chat.people, needed(rest, 'a user'))));
}

/** The commands of a chat, by the word after the slash. */
export const chatCommands: Readonly<Record<string, ChatCommand>> = {
  history: {
    usage: '/history',
    summary: 'show older messages',
    run: async (chat) => void (await chat.showOlder()),
  },
  numbers: {
    usage: '/numbers',
    summary: 'show or hide the numbers of messages',
    run: (chat) => {
      chat.isNumbered = !chat.isNumbered;
      chat.note(chat.isNumbered ? 'New messages show their numbers.' : 'New messages hide their numbers.');
      return undefined;
    },
  },
  edit: {
    usage: '/edit [#number] <text>',
    summary: 'edit your message (the latest if no number is given)',
    run: (chat, rest) => {
      const { message, words } = targetOf(chat, rest, (each) => isOwn(chat, each) && each.text !== undefined);
      return chat.client.messages.edit(chat.conversationId, message.seq, needed(words, 'the new text'));
    },
  },
  delete: {
    usage: '/delete [#number]',
    summary: 'delete your message (the latest if no number is given)',
    run: (chat, rest) => {
      const { message } = targetOf(chat, rest, (each) => isOwn(chat, each));
      return chat.client.messages.delete(chat.conversationId, message.seq);
    },
  },
  react: {
    usage: '/react [#number] <emoji>',
    summary: 'react to a message (the latest if no number is given)',
    run: (chat, rest) => {
      const { message, words } = targetOf(chat, rest, () => true);
      return chat.client.messages.react(chat.conversationId, message.seq, needed(words, 'an emoji'));
    },
  },
  unreact: {
    usage: '/unreact [#number] <emoji>',
    summary: 'remove your reaction (from the latest message if no number is given)',
    run: (chat, rest) => {
      const { message, words } = targetOf(chat, rest, () => true);
      return chat.client.messages.unreact(chat.conversationId, message.seq, needed(words, 'an emoji'));
    },
  },
  reply: {
    usage: '/reply [#number] <text>',
    summary: 'reply to a message (the latest of others if no number is given)',
    run: (chat, rest) => {
      const { message, words } = targetOf(chat, rest, (each) => !isOwn(chat, each));
      return chat.client.messages.reply(chat.conversationId, message.seq, needed(words, 'a text'));
    },
  },
  location: {
    usage: '/location <latitude>,<longitude> [name]',
    summary: 'send a location',
    run: (chat, rest) => {
      const [, latitude, longitude, name = ''] = /^(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*(.*)$/.exec(rest) ?? [];
      if (latitude === undefined) throw usageFailure('Use: /location 48.8584,2.2945 Eiffel Tower');
      const coordinates = { latitude: Number(latitude), longitude: Number(longitude) };
      const location = name === '' ? coordinates : { ...coordinates, name };
      return chat.client.messages.send(chat.conversationId, { type: 'location', location });
    },
  },
  file: {
    usage: '/file <path>',
    summary: 'send a picture, a voice message or another file',
    run: sendFile,
  },
  who: {
    usage: '/who',
    summary: 'list the participants and their presence',
    run: async (chat) => {
      const { participants } = chat.conversation;
      const presences = await chat.client.presence.of(participants.map(({ userId }) => userId));
      await chat.people.load(chat.otherIds);
      const lines = participants.map(({ userId, role }) => {
        const name = chat.people.nameOf(userId);
        const presence = presences.find((each) => each.userId === userId);
        const words = presence === undefined ? name : presenceSentence(name, presence);
        return `${words}${role === 'admin' ? ', admin' : ''}`;
      });
      chat.note(lines.join('\n'));
      return undefined;
    },
  },
  away: {
    usage: '/away',
    summary: 'set your status to away',
    run: ({ client }) => void client.presence.set('away'),
  },
  back: {
    usage: '/back',
    summary: 'set your status to online',
    run: ({ client }) => void client.presence.set('online'),
  },
  add: {
    usage: '/add <user>',
    summary: 'add a user to the group, by e-mail address or user name',
    run: withPerson(({ client, conversationId }, userId) => client.groups.add(conversationId, [{ userId }])),
  },
  remove: {
    usage: '/remove <user>',
    summary: 'remove a user from the group',
    run: withPerson(({ client, conversationId }, userId) => client.groups.remove(conversationId, userId)),
  },
  admin: {
    usage: '/admin <user>',
    summary: 'make a user an admin of the group',
    run: withPerson(({ client, conversationId }, userId) => client.groups.setRole(conversationId, userId, 'admin')),
  },
  rename: {
    usage: '/rename <name>',
    summary: 'rename the group',
    run: async ({ client, conversationId }, rest) =>
      void (await client.groups.rename(conversationId, needed(rest, 'a name'))),
  },
};

/** The commands that `talk` runs itself. */
const ownCommands: readonly Pick<ChatCommand, 'usage' | 'summary'>[] = [
  { usage: '/leave', summary: 'leave the group and quit' },
  { usage: '/help', summary: 'show this list' },
  { usage: '/quit', summary: 'quit (also Ctrl-C, or the end of the input)' },
  { usage: '//…', summary: 'send a line that begins with a slash' },
];

export function commandHelp(): string {
  const all = [...Object.values(chatCommands), ...ownCommands];
  const width = Math.max(...all.map(({ usage }) => usage.length));
  return ['Commands during a chat:', ...all.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`)].join(
    '\n',
  );
}

async function sendFile(chat: OpenChat, rest: string): Promise<Sending> {
  const path = needed(rest, 'the path of a file');
  const contentType = attachmentTypeOf('', path);
  if (contentType === undefined) {
    const allowed = Object.values(extensions).flatMap(([extension]) => `.${extension}`);
    throw usageFailure(`You can send files with these extensions: ${allowed.join(' ')}`);
  }
  const bytes = await readFile(path).catch(() => {
    throw usageFailure(`${path} cannot be read.`);
  });
  const file = { name: basename(path), contentType, data: new Blob([bytes]) };
  // The examination may find another type than the extension says.
  const { id, contentType: examinedType } = await chat.client.attachments.upload(chat.conversationId, file);
  const type = examinedType.startsWith('image/') ? 'image' : examinedType.startsWith('audio/') ? 'voice' : 'file';
  return chat.client.messages.send(chat.conversationId, { type, attachments: [id] });
}

function isOwn(chat: OpenChat, { senderId }: Message): boolean {
  return senderId === chat.client.user.id;
}

/** Finds the message of a command: the one with the given number, or the latest that fits. */
function targetOf(chat: OpenChat, rest: string, fits: (message: Message) => boolean) {
  const [, number, words = ''] = /^(?:#(\d+))?\s*([\s\S]*)$/.exec(rest) ?? [];
  const messages = chat.messages.filter(({ type, deletedAt }) => type !== 'system' && deletedAt === undefined);
  const message = number === undefined ? messages.findLast(fits) : messages.find(({ seq }) => seq === Number(number));
  if (message !== undefined) return { message, words };
  throw usageFailure(number === undefined ? 'There is no such message.' : `Message #${number} is not shown here.`);
}

function needed(words: string, argument: string): string {
  if (words.trim() !== '') return words.trim();
  throw usageFailure(`The command needs ${argument}. Type /help for its usage.`);
}

function usageFailure(text: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, text);
}
