import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { answerOf } from '../../../shared/client/answer-of.ts';
import { openAttachments } from '../../../shared/client/attachments.ts';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import { listConversations } from '../../../shared/contract/conversations/list-conversations.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { searchMessages } from '../../../shared/contract/search/search-messages.ts';
import type { Deployment } from '../deployment.ts';
import { type Finding, passed } from '../doctor/check.ts';

const slug = 'verification';
const pauseMs = 500;

/** New users of the tenant `verification`. Passwords are not stored. */
export interface VerificationPair {
  readonly patienceMs: number;
  readonly sender: ChatClient;
  readonly recipient: ChatClient;
}

/** @throws Error if `provision`, the login or the socket rejects it. */
export async function signInPair(deployment: Deployment, patienceMs: number): Promise<VerificationPair> {
  const settings = { registration: 'closed', messagesPerMinute: null } as const;
  await deployment.provision({ command: 'createTenant', slug, name: 'Verification', settings });
  const [sender, recipient] = await Promise.all([signIn(deployment, patienceMs), signIn(deployment, patienceMs)]);
  return { sender, recipient, patienceMs };
}

async function signIn(deployment: Deployment, patienceMs: number): Promise<ChatClient> {
  const username = `v${ulid().toLowerCase()}`;
  const email = `${username}@verification.test`;
  const password = `Aa1!${randomBytes(18).toString('base64url')}`;
  const names = { firstName: 'Verification', lastName: 'Account' };
  await deployment.provision({ command: 'createUser', tenant: slug, email, username, ...names, password });
  const client = await createChatClient({ url: deployment.url, login: { tenant: slug, email, password } });
  await until(patienceMs, 'the socket to open', () => client.connection === 'connected');
  return client;
}

export interface SentMessage {
  readonly conversationId: string;
  readonly seq: number;
  readonly word: string;
}

/** Waits until the message is stored and delivered. */
export async function sendMessage({
  sender,
  recipient,
  patienceMs,
}: VerificationPair): Promise<[SentMessage, Finding]> {
  const conversation = await sender.startDirect(recipient.user.id);
  const word = `verify${randomBytes(6).toString('hex')}`;
  await recipient.open(conversation.id);
  const received: Message[] = [];
  const stop = recipient.on('message', (message) => received.push(message));
  const stored = await sender.messages.send(conversation.id, word).stored;
  await until(patienceMs, 'the message to reach the other socket', () => received.some(({ text }) => text === word));
  stop();
  const sent = { conversationId: conversation.id, seq: stored.seq, word };
  return [sent, passed(`stored as number ${stored.seq} and delivered`)];
}

export async function checkSummary({ recipient, patienceMs }: VerificationPair, sent: SentMessage): Promise<Finding> {
  await until(patienceMs, 'the list of conversations to show the message', async () => {
    const { items } = await answerOf(recipient.call, listConversations, {});
    return items.some(({ id, lastSeq }) => id === sent.conversationId && lastSeq >= sent.seq);
  });
  return passed('the list of conversations shows it');
}

export async function checkBus(
  { recipient, patienceMs }: VerificationPair,
  { word, conversationId }: SentMessage,
): Promise<Finding> {
  await until(patienceMs, 'a search to find the message', async () => {
    const { items } = await answerOf(recipient.call, searchMessages, { query: { q: word } });
    return items.some((message) => message.conversationId === conversationId);
  });
  return passed('a consumer of the event bus indexed it');
}

export async function checkFiles({ sender }: VerificationPair, { conversationId }: SentMessage): Promise<Finding> {
  const data = new Blob(['Written by npx switchboard verify\n'], { type: 'text/plain' });
  await openAttachments(sender).upload(conversationId, { name: 'verification.txt', contentType: 'text/plain', data });
  return passed('uploaded and examined');
}

async function until(patienceMs: number, event: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isTrue()); await sleep(pauseMs)) {
    if (Date.now() > end) throw new Error(`Waited ${patienceMs / 1000} s for ${event}`);
  }
}
