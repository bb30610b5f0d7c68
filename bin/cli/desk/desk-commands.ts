import type { QueueQuery } from '../../../shared/contract/conversations/queue-query.ts';
import { idOf } from '../chat/open-chat.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DeskSession } from './desk-session.ts';

export interface DeskCommand {
  readonly usage: string;
  readonly summary: string;
  readonly run: (session: DeskSession, argument: string) => Promise<void>;
}

const views: Readonly<Record<string, QueueQuery>> = {
  waiting: { view: 'unassigned' },
  mine: { view: 'mine' },
  all: { view: 'all' },
  resolved: { status: 'resolved' },
  closed: { status: 'closed' },
};

const availabilities = ['online', 'busy', 'away', 'offline'] as const;

function onConversation(
  done: string,
  act: (session: DeskSession, conversationId: string) => Promise<unknown>,
): DeskCommand['run'] {
  return async (session, argument) => {
    const id = session.idOf(argument.trim());
    await act(session, id);
    session.write(`${done} conversation ${session.numberOf(id)}.`);
  };
}

export const deskCommands: Readonly<Record<string, DeskCommand>> = {
  list: {
    usage: 'list [waiting|mine|all|resolved|closed]',
    summary: 'list conversations, the most urgent first',
    run: async (session, argument) => {
      if (argument.trim() !== '') {
        const query = Object.hasOwn(views, argument.trim()) ? views[argument.trim()] : undefined;
        if (query === undefined) throw usageFailure(`Choose one of: ${Object.keys(views).join(', ')}`);
        session.desk.closeView(session.view);
        session.view = await session.desk.openView(query);
      }
      await session.list();
    },
  },
  more: {
    usage: 'more',
    summary: 'load more of the list',
    run: async (session) => {
      await session.view.loadMore();
      await session.list();
    },
  },
  counts: {
    usage: 'counts',
    summary: 'count the conversations',
    run: async ({ desk, write }) => {
      const { mine, unassigned, all } = await desk.loadCounts();
      write(`${mine} yours, ${unassigned} waiting, ${all} open`);
    },
  },
  open: {
    usage: 'open <number>',
    summary: 'open a conversation of the list',
    run: (session, argument) => session.open(session.idOf(argument.trim())),
  },
  take: {
    usage: 'take [number]',
    summary: 'take a conversation, and open it',
    run: async (session, argument) => {
      const id = session.idOf(argument.trim());
      await session.desk.assign(id, 'me');
      session.write(`You have conversation ${session.numberOf(id)}.`);
      await session.open(id);
    },
  },
  reply: {
    usage: 'reply <text>',
    summary: 'reply in the open conversation',
    run: (session, argument) => session.reply(required(argument, 'a text')),
  },
  confirm: {
    usage: 'confirm',
    summary: 'send a reply although a colleague has replied in the meantime',
    run: (session) => session.replyAnyway(),
  },
  note: {
    usage: 'note <text>',
    summary: 'write a private note, which customers do not see',
    run: async ({ desk, conversation }, argument) => {
      await desk.note(conversation.id, required(argument, 'a text'));
    },
  },
  ack: {
    usage: 'ack [number]',
    summary: 'acknowledge an urgent message, which stops the alerts',
    run: onConversation('Acknowledged', ({ desk }, id) => desk.acknowledge(id)),
  },
  resolve: {
    usage: 'resolve [number]',
    summary: 'resolve a conversation',
    run: onConversation('Resolved', ({ desk }, id) => desk.resolve(id)),
  },
  close: {
    usage: 'close [number]',
    summary: 'close a conversation, which then accepts no messages',
    run: onConversation('Closed', ({ desk }, id) => desk.close(id)),
  },
  reopen: {
    usage: 'reopen [number]',
    summary: 'reopen a resolved or closed conversation',
    run: onConversation('Reopened', ({ desk }, id) => desk.reopen(id)),
  },
  return: {
    usage: 'return [number]',
    summary: 'return a conversation to the queue',
    run: onConversation('Returned', ({ desk }, id) => desk.unassign(id)),
  },
  transfer: {
    usage: 'transfer <user> [note]',
    summary: 'give the open conversation to a colleague, with a private note',
    run: async (session, argument) => {
      const [, user = '', note = ''] = /^(\S+)\s*(.*)$/.exec(argument.trim()) ?? [];
      const agentId = await idOf(session.client, session.people, required(user, 'a user'));
      await session.desk.transfer(session.conversation.id, { agentId, ...(note === '' ? {} : { note }) });
      session.write(`Transferred to ${session.people.nameOf(agentId)}.`);
    },
  },
  agents: {
    usage: 'agents',
    summary: 'list the agents, their availability and load',
    run: async ({ desk, write }) => {
      for (const { displayName, effectiveAvailability, load, maxConcurrent } of await desk.agents()) {
        write(`${displayName}: ${effectiveAvailability}, ${load} of ${maxConcurrent} conversations`);
      }
    },
  },
  availability: {
    usage: 'availability online|busy|away|offline [reason]',
    summary: 'set whether you get conversations',
    run: async ({ desk, write }, argument) => {
      const [, word = '', reason = ''] = /^(\S+)\s*(.*)$/.exec(argument.trim()) ?? [];
      const availability = availabilities.find((each) => each === word);
      if (availability === undefined) throw usageFailure(`Choose one of: ${availabilities.join(', ')}`);
      await desk.setAvailability(availability, reason === '' ? undefined : reason);
      write(`You are ${availability}.`);
    },
  },
};

const ownCommands: readonly Pick<DeskCommand, 'usage' | 'summary'>[] = [
  { usage: 'help', summary: 'show this list' },
  { usage: 'quit', summary: 'quit (also Ctrl-C, or the end of the input)' },
];

export function deskHelp(): string {
  const all = [...Object.values(deskCommands), ...ownCommands];
  const width = Math.max(...all.map(({ usage }) => usage.length));
  return ['Commands of the desk:', ...all.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`)].join(
    '\n',
  );
}

function required(text: string, meaning: string): string {
  if (text.trim() !== '') return text.trim();
  throw usageFailure(`The command needs ${meaning}. Type help for its usage.`);
}

function usageFailure(text: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, text);
}
