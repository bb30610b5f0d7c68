import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { attachmentTypeOf, extensions } from '../../../shared/contract/schemas/attachment-types.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OpenChat } from './conversation.ts';
import { presenceSentence } from './message-words.ts';
import { idOf } from './open-chat.ts';

/** What a command began; what it sends counts among the messages. */
type Sending = { readonly stored: Promise<unknown> } | undefined;

export interface ChatCommand {
  /** `/edit [#number] <text>` */
  readonly usage: string;
  readonly summary: string;
  /** Does it with what follows the command. Throws what is to be told. */
  readonly run: (chat: OpenChat, rest: string) => Promise<Sending> | Sending;
}

/** A command that names somebody. */
function withPerson(act: (chat: OpenChat, userId: string) => Promise<unknown>): ChatCommand['run'] {
  return async (chat, rest) => void (await act(chat, await idOf(chat.client, chat.people, needed(rest, 'a user'))));
}

/** What can be done in a chat besides writing, by the word after the stroke. */
export const chatCommands: Readonly<Record<string, ChatCommand>> = {
  history: {
    usage: '/history',
    summary: 'show older messages',
    run: async (chat) => void (await chat.showOlder()),
  },
  numbers: {
    usage: '/numbers',
    summary: 'show messages with their numbers from now on, or no longer',
    run: (chat) => {
      chat.isNumbered = !chat.isNumbered;
      chat.note(chat.isNumbered ? 'Messages are shown with their numbers.' : 'Messages are shown without numbers.');
      return undefined;
    },
  },
  edit: {
    usage: '/edit [#number] <text>',
    summary: 'write an own message anew, the last one without a number',
    run: (chat, rest) => {
      const { message, words } = aimed(chat, rest, (each) => isOwn(chat, each) && each.text !== undefined);
      return chat.client.messages.edit(chat.conversationId, message.seq, needed(words, 'the new text'));
    },
  },
  delete: {
    usage: '/delete [#number]',
    summary: 'delete an own message, the last one without a number',
    run: (chat, rest) => {
      const { message } = aimed(chat, rest, (each) => isOwn(chat, each));
      return chat.client.messages.delete(chat.conversationId, message.seq);
    },
  },
  react: {
    usage: '/react [#number] <emoji>',
    summary: 'react to a message, the last one without a number',
    run: (chat, rest) => {
      const { message, words } = aimed(chat, rest, () => true);
      return chat.client.messages.react(chat.conversationId, message.seq, needed(words, 'an emoji'));
    },
  },
  unreact: {
    usage: '/unreact [#number] <emoji>',
    summary: 'take a reaction back',
    run: (chat, rest) => {
      const { message, words } = aimed(chat, rest, () => true);
      return chat.client.messages.unreact(chat.conversationId, message.seq, needed(words, 'an emoji'));
    },
  },
  reply: {
    usage: '/reply [#number] <text>',
    summary: 'answer a message, the last one of others without a number',
    run: (chat, rest) => {
      const { message, words } = aimed(chat, rest, (each) => !isOwn(chat, each));
      return chat.client.messages.reply(chat.conversationId, message.seq, needed(words, 'a text'));
    },
  },
  place: {
    usage: '/place <latitude>,<longitude> [name]',
    summary: 'send a place',
    run: (chat, rest) => {
      const [, latitude, longitude, name = ''] = /^(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*(.*)$/.exec(rest) ?? [];
      if (latitude === undefined) throw complaint('It needs two numbers: /place 48.8584,2.2945 Eiffel Tower');
      const place = { latitude: Number(latitude), longitude: Number(longitude) };
      const location = name === '' ? place : { ...place, name };
      return chat.client.messages.send(chat.conversationId, { type: 'location', location });
    },
  },
  file: {
    usage: '/file <path>',
    summary: 'send a picture, a sound or a file',
    run: sendFile,
  },
  who: {
    usage: '/who',
    summary: 'show who takes part, and who is there',
    run: async (chat) => {
      const { participants } = chat.conversation;
      const known = await chat.client.presence.of(participants.map(({ userId }) => userId));
      await chat.people.know(chat.otherIds);
      const lines = participants.map(({ userId, role }) => {
        const name = chat.people.nameOf(userId);
        const presence = known.find((each) => each.userId === userId);
        const words = presence === undefined ? name : presenceSentence(name, presence);
        return `${words}${role === 'admin' ? ', admin' : ''}`;
      });
      chat.note(lines.join('\n'));
      return undefined;
    },
  },
  away: {
    usage: '/away',
    summary: 'say that you are away',
    run: ({ client }) => void client.presence.set('away'),
  },
  back: {
    usage: '/back',
    summary: 'say that you are there again',
    run: ({ client }) => void client.presence.set('online'),
  },
  add: {
    usage: '/add <user>',
    summary: 'add somebody to the group, by e-mail address or user name',
    run: withPerson(({ client, conversationId }, userId) => client.groups.add(conversationId, [{ userId }])),
  },
  remove: {
    usage: '/remove <user>',
    summary: 'remove somebody from the group',
    run: withPerson(({ client, conversationId }, userId) => client.groups.remove(conversationId, userId)),
  },
  admin: {
    usage: '/admin <user>',
    summary: 'make somebody an admin of the group',
    run: withPerson(({ client, conversationId }, userId) => client.groups.setRole(conversationId, userId, 'admin')),
  },
  rename: {
    usage: '/rename <name>',
    summary: 'give the group another name',
    run: async ({ client, conversationId }, rest) =>
      void (await client.groups.rename(conversationId, needed(rest, 'a name'))),
  },
};

/** The commands that the chat itself knows, as people read them. */
const ownCommands: readonly Pick<ChatCommand, 'usage' | 'summary'>[] = [
  { usage: '/leave', summary: 'leave the group, and end' },
  { usage: '/help', summary: 'show this' },
  { usage: '/quit', summary: 'end (also Ctrl-C, or the end of the input)' },
  { usage: '//…', summary: 'send a line that begins with a stroke' },
];

/** What `/help` shows. */
export function commandHelp(): string {
  const all = [...Object.values(chatCommands), ...ownCommands];
  const width = Math.max(...all.map(({ usage }) => usage.length));
  return ['While it runs:', ...all.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`)].join('\n');
}

async function sendFile(chat: OpenChat, rest: string): Promise<Sending> {
  const path = needed(rest, 'the path of a file');
  const contentType = attachmentTypeOf('', path);
  if (contentType === undefined) {
    const known = Object.values(extensions).flatMap(([extension]) => `.${extension}`);
    throw complaint(`Files that end with these can be sent: ${known.join(' ')}`);
  }
  const bytes = await readFile(path).catch(() => {
    throw complaint(`${path} cannot be read.`);
  });
  const file = { name: basename(path), contentType, data: new Blob([bytes]) };
  // The file's type may differ from its name's extension.
  const { id, contentType: found } = await chat.client.attachments.upload(chat.conversationId, file);
  const type = found.startsWith('image/') ? 'image' : found.startsWith('audio/') ? 'voice' : 'file';
  return chat.client.messages.send(chat.conversationId, { type, attachments: [id] });
}

function isOwn(chat: OpenChat, { senderId }: Message): boolean {
  return senderId === chat.client.user.id;
}

/** The message that a command is about: the one with the number that it begins with, or the last that fits. */
function aimed(chat: OpenChat, rest: string, fits: (message: Message) => boolean) {
  const [, number, words = ''] = /^(?:#(\d+))?\s*([\s\S]*)$/.exec(rest) ?? [];
  const messages = chat.messages.filter(({ type, deletedAt }) => type !== 'system' && deletedAt === undefined);
  const message = number === undefined ? messages.findLast(fits) : messages.find(({ seq }) => seq === Number(number));
  if (message !== undefined) return { message, words };
  throw complaint(number === undefined ? 'There is no message for that.' : `No message #${number} is shown.`);
}

function needed(words: string, what: string): string {
  if (words.trim() !== '') return words.trim();
  throw complaint(`It needs ${what}; /help shows how.`);
}

function complaint(text: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, text);
}
