import type { Message } from '../../contract/schemas/message.ts';
import {
  type ConversationItem,
  firstVisible,
  memberOf,
  type ParticipantItem,
  participantIdsOf,
} from '../log/conversation-item.ts';
import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import type { MessageContent } from '../log/kinds/message.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { contentOf, messageOf } from '../messages/message-view.ts';
import { readWatermarks } from '../log/participant-store.ts';
import { statusOf } from '../messages/status-rules.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { type Key, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Position } from './merge-rules.ts';
import type { Verdict } from './newest-first.ts';

/** A message that is what was looked for. */
export interface FoundMessage {
  readonly position: Position;
  readonly entry: LogEntry;
}

/** Looks at the messages themselves, as they are now: who may see them, and what they say. */
export class FoundMessages {
  readonly #principal: Principal;
  readonly #keys: TenantKeys;
  readonly #isWanted: (entry: LogEntry, content: MessageContent) => boolean;
  /** As they were when they were first needed; nothing where there is none. */
  readonly #conversations = new Map<string, ConversationItem | undefined>();

  constructor(
    principal: Principal,
    tenant: TenantKeys,
    isWanted: (entry: LogEntry, content: MessageContent) => boolean,
  ) {
    this.#principal = principal;
    this.#keys = tenant;
    this.#isWanted = isWanted;
  }

  /** Reads candidates and their conversations together, consistently: nobody sees what was taken back, or is not for them. */
  async verify(candidates: readonly Position[]): Promise<Verdict<FoundMessage>> {
    const ids = [...new Set(candidates.map(({ conversationId }) => conversationId))];
    const unknown = ids.filter((id) => !this.#conversations.has(id));
    const read = await tenantTable(this.#principal.scope).batchGet<StoredEntry | ConversationItem>(
      [
        ...unknown.map((id) => keys.conversation(id)),
        ...candidates.map(({ conversationId, seq }) => keys.logEntry(conversationId, seq)),
      ],
      { consistent: true },
    );
    const found = new Map(read.map((item) => [nameOf(item), item]));
    for (const id of unknown) {
      this.#conversations.set(id, found.get(nameOf(keys.conversation(id))) as ConversationItem | undefined);
    }
    const firstSeqs = new Map(ids.map((id) => [id, this.#firstVisible(id)]));
    return {
      firstSeqs,
      found: candidates.flatMap((position) => {
        const { conversationId, seq } = position;
        const stored = found.get(nameOf(keys.logEntry(conversationId, seq))) as (StoredEntry & Key) | undefined;
        if (stored === undefined || seq < (firstSeqs.get(conversationId) ?? Infinity)) return [];
        const entry = fromStoredEntry(stored);
        const content = contentOf(this.#owner(conversationId), entry);
        return content !== undefined && this.#isWanted(entry, content) ? [{ position, entry }] : [];
      }),
    };
  }

  /** Found messages as clients see them. */
  async toMessages(found: readonly FoundMessage[]): Promise<Message[]> {
    const items = new Map(
      [...new Set(found.map(({ position }) => position.conversationId))].flatMap((id) => {
        const item = this.#conversations.get(id);
        return item === undefined ? [] : [[id, item] as const];
      }),
    );
    const watermarks = await this.#watermarksOf(items);
    return found.map(({ position: { conversationId }, entry }) => {
      const item = items.get(conversationId);
      const status = item && statusOf(item, entry, watermarks.get(conversationId) ?? []);
      return messageOf(this.#owner(conversationId), entry, status);
    });
  }

  /** Of people of direct conversations in batches; of groups one query each. */
  async #watermarksOf(
    items: ReadonlyMap<string, ConversationItem>,
  ): Promise<ReadonlyMap<string, readonly ParticipantItem[]>> {
    const { scope } = this.#principal;
    const groups = [...items].filter(([, { kind }]) => kind === 'group');
    const ofDirect = [...items]
      .filter(([, { kind }]) => kind === 'direct')
      .flatMap(([id, item]) => participantIdsOf(item).map((userId) => keys.participant(id, userId)));
    const [direct, ...ofGroups] = await settleAll([
      tenantTable(scope).batchGet<ParticipantItem>(ofDirect),
      ...groups.map(([id, item]) => readWatermarks(scope, id, item)),
    ]);
    const byConversation = Map.groupBy(direct, ({ pk }) => pk.slice('C#'.length));
    return new Map([...byConversation, ...groups.map(([id], index) => [id, ofGroups[index] ?? []] as const)]);
  }

  #owner(conversationId: string): LogOwner {
    return { keys: this.#keys, scope: this.#principal.scope, conversationId };
  }

  #firstVisible(conversationId: string): number {
    const item = this.#conversations.get(conversationId);
    const member = item && memberOf(item, this.#principal.userId);
    return item === undefined || member === undefined ? Infinity : firstVisible(item, member);
  }
}

function nameOf({ pk, sk }: Pick<Key, 'pk' | 'sk'>): string {
  return `${pk} ${sk}`;
}
