import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openAttachments } from '../../../shared/client/attachments.ts';
import type { FormAnswers } from '../../../shared/client/outgoing-task.ts';
import { openSupport } from '../../../shared/client/support.ts';
import { attachmentTypeOf, extensions } from '../../../shared/contract/schemas/attachment-types.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OpenChat } from './conversation.ts';
import { presenceSentence } from './message-text.ts';
import { idOf } from './open-chat.ts';

type Sending = { readonly stored: Promise<unknown> } | undefined;

export interface ChatCommand {
  readonly usage: string;
  readonly summary: string;
  /** Throws a CommandFailure to display. */
  readonly run: (chat: OpenChat, argument: string) => Promise<Sending> | Sending;
}

function withPerson(act: (chat: OpenChat, userId: string) => Promise<unknown>): ChatCommand['run'] {
  return async (chat, argument) =>
    void (await act(chat, await idOf(chat.client, chat.people, required(argument, 'a user'))));
}

export const chatCommands: Readonly<Record<string, ChatCommand>> = {
  history: {
    usage: '/history',
    summary: 'show older messages',
    run: async (chat) => void (await chat.showOlder()),
  },
  numbers: {
    usage: '/numbers',
    summary: 'show or hide message numbers',
    run: (chat) => {
      chat.isNumbered = !chat.isNumbered;
      chat.note(chat.isNumbered ? 'New messages appear with their numbers.' : 'New messages appear without numbers.');
      return undefined;
    },
  },
  edit: {
    usage: '/edit [#number] <text>',
    summary: 'edit your message (the latest if no number is given)',
    run: (chat, argument) => {
      const { message, text } = targetOf(chat, argument, (each) => isOwn(chat, each) && each.text !== undefined);
      return chat.client.messages.edit(chat.conversationId, message.seq, required(text, 'the new text'));
    },
  },
  delete: {
    usage: '/delete [#number]',
    summary: 'delete your message (the latest if no number is given)',
    run: (chat, argument) => {
      const { message } = targetOf(chat, argument, (each) => isOwn(chat, each));
      return chat.client.messages.delete(chat.conversationId, message.seq);
    },
  },
  react: {
    usage: '/react [#number] <emoji>',
    summary: 'react to a message (the latest if no number is given)',
    run: (chat, argument) => {
      const { message, text } = targetOf(chat, argument, () => true);
      return chat.client.messages.react(chat.conversationId, message.seq, required(text, 'an emoji'));
    },
  },
  unreact: {
    usage: '/unreact [#number] <emoji>',
    summary: 'remove your reaction (from the latest message if no number is given)',
    run: (chat, argument) => {
      const { message, text } = targetOf(chat, argument, () => true);
      return chat.client.messages.unreact(chat.conversationId, message.seq, required(text, 'an emoji'));
    },
  },
  reply: {
    usage: '/reply [#number] <text>',
    summary: 'reply to a message (the latest of others if no number is given)',
    run: (chat, argument) => {
      const { message, text } = targetOf(chat, argument, (each) => !isOwn(chat, each));
      return chat.client.messages.reply(chat.conversationId, message.seq, required(text, 'a text'));
    },
  },
  urgent: {
    usage: '/urgent <text>',
    summary: 'send an urgent message, which alerts the desk at once',
    run: (chat, argument) => {
      const text = required(argument, 'a text');
      return chat.client.messages.send(chat.conversationId, { type: 'text', text, urgent: true });
    },
  },
  answer: {
    usage: '/answer [#number] <field>=<answer>; …',
    summary: 'answer a form (the latest if no number is given)',
    run: (chat, argument) => {
      const { message, text } = targetOf(chat, argument, ({ form }) => form !== undefined);
      return openSupport(chat.client).answerForm(chat.conversationId, message.seq, answersIn(message, text));
    },
  },
  location: {
    usage: '/location <latitude>,<longitude> [name]',
    summary: 'send a location',
    run: (chat, argument) => {
      const [, latitude, longitude, name = ''] = /^(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*(.*)$/.exec(argument) ?? [];
      if (latitude === undefined)
        throw usageFailure('Enter a latitude and a longitude, such as: /location 48.8584,2.2945 Eiffel Tower');
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
        const text = presence === undefined ? name : presenceSentence(name, presence);
        return `${text}${role === 'admin' ? ', admin' : ''}`;
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
  wipe: {
    usage: '/wipe yes',
    summary: 'delete everything that was written to the desk, for everyone and for good',
    run: async ({ client, conversationId }, argument) => {
      if (argument.trim() !== 'yes') throw usageFailure('This cannot be undone. To delete everything, type: /wipe yes');
      await openSupport(client).wipe(conversationId);
      return undefined;
    },
  },
  rename: {
    usage: '/rename <name>',
    summary: 'rename the group',
    run: async ({ client, conversationId }, argument) =>
      void (await client.groups.rename(conversationId, required(argument, 'a name'))),
  },
};

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

async function sendFile(chat: OpenChat, argument: string): Promise<Sending> {
  const path = required(argument, 'the path of a file');
  const contentType = attachmentTypeOf('', path);
  if (contentType === undefined) {
    const allowed = Object.values(extensions).flatMap(([extension]) => `.${extension}`);
    throw usageFailure(`You can send files with these extensions: ${allowed.join(' ')}`);
  }
  const bytes = await readFile(path).catch(() => {
    throw usageFailure(`${path} cannot be read.`);
  });
  const file = { name: basename(path), contentType, data: new Blob([bytes]) };
  const { id, contentType: examinedType } = await openAttachments(chat.client).upload(chat.conversationId, file);
  const type = examinedType.startsWith('image/') ? 'image' : examinedType.startsWith('audio/') ? 'voice' : 'file';
  return chat.client.messages.send(chat.conversationId, { type, attachments: [id] });
}

/** Reads `host=web-3; users=12`. */
function answersIn({ form }: Message, text: string): FormAnswers {
  const parts = required(text, 'answers, such as: /answer host=web-3; users=12').split(';');
  return Object.fromEntries(
    parts.map((part) => {
      const [, field = '', answer = ''] = /^\s*([^=]+?)\s*=\s*([\s\S]*?)\s*$/.exec(part) ?? [];
      if (field === '') throw usageFailure(`"${part.trim()}" is not an answer. Write <field>=<answer>.`);
      const isNumber = form?.fields.find(({ id }) => id === field)?.type === 'number';
      return [field, isNumber && answer !== '' ? Number(answer) : answer];
    }),
  );
}

function isOwn(chat: OpenChat, { senderId }: Message): boolean {
  return senderId === chat.client.user.id;
}

/** The numbered message, or without a number the latest that fits. */
function targetOf(chat: OpenChat, argument: string, fits: (message: Message) => boolean) {
  const [, number, text = ''] = /^(?:#(\d+))?\s*([\s\S]*)$/.exec(argument) ?? [];
  const messages = chat.messages.filter(({ type, deletedAt }) => type !== 'system' && deletedAt === undefined);
  const message = number === undefined ? messages.findLast(fits) : messages.find(({ seq }) => seq === Number(number));
  if (message !== undefined) return { message, text };
  throw usageFailure(
    number === undefined
      ? 'The chat shows no message that this command applies to.'
      : `The chat shows no message #${number}. Type /history to show older messages.`,
  );
}

function required(text: string, meaning: string): string {
  if (text.trim() !== '') return text.trim();
  throw usageFailure(`The command needs ${meaning}. Type /help for its usage.`);
}

function usageFailure(text: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, text);
}
