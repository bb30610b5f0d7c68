import type { Message } from '../../contract/schemas/message.ts';

export type SenderRole = 'customer' | 'agent' | 'participant' | 'service';

export interface Sender {
  readonly role: SenderRole;
  readonly name?: string | undefined;
}

/** A message in a transcript. */
export interface Line {
  readonly message: Message;
  readonly sender: Sender;
}

export function nameOf({ message, sender: { role, name } }: Line): string {
  return name === undefined ? `${role} ${message.senderId}` : `${name} (${role})`;
}

/** The message in words. */
export function wordsOf({ type, text, system, answers = {}, attachments = [], location, deletedAt }: Message): string {
  if (deletedAt !== undefined) return '[deleted]';
  if (type === 'system') return `[${wordsOfSystem(system)}]`;
  const files = attachments.map(({ name }) => `[file: ${name}]`);
  const nameOfFile = new Map<string | number, string>(attachments.map(({ id, name }) => [id, name]));
  const answered = Object.entries(answers).map(([field, answer]) => `${field}: ${nameOfFile.get(answer) ?? answer}`);
  const place = location === undefined ? [] : [`[location: ${location.latitude}, ${location.longitude}]`];
  return [...(text === undefined ? [] : [text]), ...answered, ...files, ...place].join('\n');
}

function wordsOfSystem(system: Message['system']): string {
  if (system === undefined) return 'system message';
  const { kind, changed = [], userIds = [], author, text } = system;
  if (text !== undefined) return `${kind} ${author ?? ''}: ${text}`;
  return [kind, ...(changed.length === 0 ? userIds : changed)].join(' ');
}

const mostCharacters = 1_500_000;

/** At least one, and no more than an answer of 6 MB can hold, also if each character is escaped or has 3 bytes. */
export function withinLimit<Item>(items: readonly Item[]): readonly Item[] {
  let characters = 0;
  const end = items.findIndex((item, index) => {
    characters += JSON.stringify(item).length;
    return index > 0 && characters > mostCharacters;
  });
  return end === -1 ? items : items.slice(0, end);
}
