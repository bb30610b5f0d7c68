import type { AttachmentView } from '../../../shared/contract/schemas/attachment.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SystemMessage } from '../../../shared/contract/schemas/system-message.ts';
import type { TemplateField } from '../../../shared/contract/schemas/template.ts';
import type { Presence } from '../../../shared/contract/schemas/presence.ts';
import type { HelpState } from '../../../shared/client/support.ts';
import { isolated, printable } from '../terminal-text.ts';
import type { ChatActivity, ShownMessage } from './chat-surface.ts';

/** Safe to print on a terminal. */
export function messageText({ message, nameOf }: ShownMessage): string {
  const reactions = (message.reactions ?? []).map(
    ({ emoji, userIds }) => `${printable(emoji)} ${userIds.map((userId) => isolated(nameOf(userId))).join(', ')}`,
  );
  const labels = [
    ...(message.type === 'note' ? ['note, only for agents'] : []),
    ...(message.urgent === true ? ['urgent'] : []),
    ...(message.replyTo === undefined ? [] : [`reply to #${message.replyTo}`]),
    ...(message.mentions === undefined
      ? []
      : [`mentions ${message.mentions.map((userId) => isolated(nameOf(userId))).join(', ')}`]),
    ...(message.editedAt === undefined ? [] : ['edited']),
    ...reactions,
  ];
  return contentOf(message) + (labels.length === 0 ? '' : ` (${labels.join('; ')})`);
}

/** `Bob Baker added Carol Clark`, with `You` or `you` for this user. */
export function systemMessageText({ message, own, from, nameOf }: ShownMessage): string {
  const { system } = message;
  const who = own ? 'You' : isolated(from);
  if (system === undefined) return `${who} changed the conversation`;
  const people = (system.userIds ?? []).map((userId) => isolated(nameOf(userId)));
  const successor = system.successorId === undefined ? '' : `; ${isolated(nameOf(system.successorId))} became an admin`;
  return changeText(system, who, people, (system.userIds ?? []).join() === message.senderId) + successor;
}

function changeText(system: SystemMessage, who: string, people: readonly string[], isThemselves: boolean): string {
  const all = listOf(people);
  switch (system.kind) {
    case 'created':
      return `${who} started the group${quoted(system.name)}${all === '' ? '' : ` with ${all}`}`;
    case 'joined':
      return isThemselves || all === '' ? `${who} joined` : `${who} added ${all}`;
    case 'left':
      return `${who} left`;
    case 'removed':
      return `${who} removed ${all}`;
    case 'role-changed':
      return `${who} made ${all} ${system.role === 'admin' ? 'an admin' : 'a member'}`;
    case 'changed':
      return `${who} ${changesOf(system).join(' and ')}`;
    default:
      return deskChangeText(system, who);
  }
}

function deskChangeText({ kind, reason, metric, alerted, changed }: SystemMessage, who: string): string {
  const why = reason === undefined ? '' : `: ${isolated(reason)}`;
  switch (kind) {
    case 'opened':
      return `${who} opened the conversation`;
    case 'assigned':
      return `${who} assigned the conversation${why}`;
    case 'unassigned':
      return `${who} returned the conversation to the queue${why}`;
    case 'transferred':
      return `${who} transferred the conversation${why}`;
    case 'resolved':
    case 'closed':
    case 'reopened':
      return `${who} ${kind} the conversation`;
    case 'escalated':
      return `The conversation is urgent${alerted === undefined ? '' : `: alerted ${alerted.join(', ')}`}`;
    case 'acknowledged':
      return `${who} acknowledged the urgent message`;
    case 'sla-warning':
      return `An answer is due soon (${metric ?? 'service level'})`;
    case 'sla-breach':
      return `An answer is late (${metric ?? 'service level'})`;
    case 'wiped':
      return 'Everything that was written was deleted';
    default:
      return `${who} changed ${changed === undefined ? 'the conversation' : changed.join(', ')}`;
  }
}

function changesOf({ name, history }: SystemMessage): readonly string[] {
  const changes = [
    ...(name === undefined ? [] : [`renamed the group to${quoted(name)}`]),
    ...(history === 'full' ? ['allowed newcomers to read earlier messages'] : []),
    ...(history === 'since-joining' ? ['hid earlier messages from newcomers'] : []),
  ];
  return changes.length === 0 ? ['changed the conversation'] : changes;
}

function contentOf({ text, location, attachments, form, answers, deletedAt }: Message): string {
  if (deletedAt !== undefined) return '(deleted)';
  const coordinates =
    location === undefined ? [] : [`(${location.name ?? 'location'}: ${location.latitude}, ${location.longitude})`];
  const files = (attachments ?? []).map(fileText);
  const shown = [...coordinates, ...files, text ?? ''].filter((part) => part !== '').join(' ');
  const questions = (form?.fields ?? []).map(fieldText);
  const given = Object.entries(answers ?? {}).map(([fieldId, answer]) => `  ${fieldId}: ${answer}`);
  return isolated([shown, ...questions, ...given].filter((line) => line !== '').join('\n'));
}

/** `  level: How severe? (Low, High; required)` */
function fieldText(field: TemplateField): string {
  const notes = [
    ...(field.type === 'dropdown' ? [(field.options ?? []).join(', ')] : []),
    ...(field.required ? ['required'] : []),
  ];
  return `  ${field.id}: ${field.label}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** `(picture harbour.jpg, 242 KB)` */
function fileText({ name, contentType, size, durationMs }: AttachmentView): string {
  const kind = contentType.startsWith('image/') ? 'picture' : contentType.startsWith('audio/') ? 'sound' : 'file';
  const length = durationMs === undefined ? '' : `, ${Math.round(durationMs / 1000)} s`;
  return `(${kind} ${name}, ${sizeText(size)}${length})`;
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function activityTexts({ typing, presence, others, lastOwn }: ChatActivity): readonly string[] {
  const [only] = presence;
  const online = presence.filter(({ status }) => status === 'online').length;
  return [
    ...(lastOwn === undefined ? [] : lastOwnTexts(lastOwn)),
    ...(typing.length === 0 ? [] : [`${listOf(typing.map(isolated))} ${typing.length === 1 ? 'is' : 'are'} typing`]),
    ...(others === 1 && only !== undefined ? [presenceText(only)] : []),
    ...(others > 1 && presence.length > 0 ? [`${online} of ${others} others online`] : []),
  ];
}

function lastOwnTexts({ status, help }: NonNullable<ChatActivity['lastOwn']>): readonly string[] {
  if (help !== undefined) return [helpTexts[help]];
  return status === 'sent' ? [] : [`your last message is ${status}`];
}

export const helpTexts: Readonly<Record<HelpState, string>> = {
  sent: 'your message is on its way',
  received: 'the service has received your message',
  seen: 'a responder has seen your message',
  here: 'a responder is here',
};

function presenceText({ name, ...presence }: ChatActivity['presence'][number]): string {
  return presenceSentence(isolated(name), presence);
}

export function presenceSentence(
  name: string,
  { status, lastSeenAt }: Pick<Presence, 'status' | 'lastSeenAt'>,
): string {
  if (status !== 'offline') return `${name} is ${status}`;
  return lastSeenAt === undefined ? `${name} is offline` : `${name} was last seen at ${timeOf(Date.parse(lastSeenAt))}`;
}

function quoted(name: string | undefined): string {
  return name === undefined ? '' : ` “${isolated(name)}”`;
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined || names.length === 1) return last ?? '';
  return `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Local time, with the date unless it is today. */
export function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? time
    : `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${time}`;
}
