import { foldChange } from '../../../shared/features/messages/fold-change.ts';
import type { PreconditionResult } from '../../../shared/features/log/append-to-log.ts';
import { mayChange, withChange } from '../../../shared/features/log/change-rules.ts';
import type { EntryContent } from '../../../shared/features/log/entry-kinds.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import { type LogAddress, readEntry } from '../../../shared/features/log/log-store.ts';
import { react } from '../../../shared/features/log/reaction-rules.ts';

export interface Change {
  readonly kind: 'edit' | 'deletion' | 'reaction';
  readonly target: number;
  readonly emoji?: string;
  readonly added?: boolean;
}

export function contentOfChange({ kind, emoji = '', added = true }: Change, text: string): EntryContent {
  if (kind === 'edit') return { type: 'edit', text };
  return kind === 'deletion' ? { type: 'deletion' } : { type: 'reaction', emoji, added };
}

/** Reads the message before each attempt. */
export class ChangeWriter {
  readonly #log: LogAddress;
  readonly #senderId: string;
  readonly #change: Change;
  readonly #content: EntryContent;
  #message: LogEntry | undefined;

  constructor(log: LogAddress, senderId: string, change: Change, content: EntryContent) {
    this.#log = log;
    this.#senderId = senderId;
    this.#change = change;
    this.#content = content;
  }

  async precondition(): Promise<PreconditionResult<string>> {
    const message = await readEntry(this.#log, this.#change.target);
    this.#message = message;
    if (message?.kind.isMessage !== true) return { kind: 'stopped', reason: 'no-message' };
    const refused = this.#refusal(message);
    if (refused !== undefined) return { kind: 'stopped', reason: refused };
    return {
      kind: 'granted',
      extraWrites: (work, entry) => foldChange(work, this.#log.conversationId, message, entry, this.#content),
    };
  }

  async changed(entry: LogEntry, isNew: boolean): Promise<LogEntry | undefined> {
    if (isNew && this.#message !== undefined) return withChange(this.#message, entry, this.#content);
    return readEntry(this.#log, this.#change.target);
  }

  #refusal(message: LogEntry): string | undefined {
    const { kind, emoji = '', added = true } = this.#change;
    if (kind === 'reaction') {
      if (message.changes.deletion !== undefined) return 'deleted';
      const decision = react(message.changes.reactions, this.#senderId, emoji, added);
      return decision.kind === 'change' ? undefined : decision.kind;
    }
    const decision = mayChange(message, { userId: this.#senderId, windowMinutes: null }, Date.now());
    if (decision.kind === 'allowed') return undefined;
    // Deleting a deleted message succeeds.
    return decision.kind === 'deleted' && kind === 'deletion' ? 'same' : decision.kind;
  }
}
