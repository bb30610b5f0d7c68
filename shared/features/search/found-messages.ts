import type { Message } from '../../contract/schemas/message.ts';
import { type Access, accessTo, isVisible } from '../log/access.ts';
import { fromStoredConversation, type StoredConversation } from '../log/conversation-codec.ts';
import { type ConversationItem, participantIdsOf } from '../log/conversation-item.ts';
import { fromStoredEntry, type StoredEntry } from '../log/log-codec.ts';
import type { MessageContent } from '../log/entry-kinds.ts';
import type { LogOwner } from '../log/log-content.ts';
import { ownerOf } from '../log/log-owner.ts';
import { type LogEntry, revisionOf } from '../log/log-entry.ts';
import { contentOf, messageOf } from '../timeline/message-view.ts';
import { type ReadingProgress, readWatermarks } from '../log/progress-store.ts';
import { statusOf } from '../timeline/status-rules.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf, type Key, keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Position } from './merge-rules.ts';
import type { Verdict } from './newest-first.ts';

export interface FoundMessage {
  readonly position: Position;
  readonly entry: LogEntry;
}

/** Checks candidates' access and matches by the messages themselves. */
export class FoundMessages {
  readonly #principal: Principal;
  readonly #isWanted: (entry: LogEntry, content: MessageContent) => boolean;
  /** As of the first read; undefined if missing. */
  readonly #conversations = new Map<string, ConversationItem | undefined>();

  constructor(principal: Principal, isWanted: (entry: LogEntry, content: MessageContent) => boolean) {
    this.#principal = principal;
    this.#isWanted = isWanted;
  }

  /**
   * Reads candidates and conversations together and consistently. Results contain no deleted message and none that the
   * user may not see.
   */
  async verify(candidates: readonly Position[]): Promise<Verdict<FoundMessage>> {
    const ids = [...new Set(candidates.map(({ conversationId }) => conversationId))];
    const unknown = ids.filter((id) => !this.#conversations.has(id));
    const read = await tenantTable(this.#principal.scope).batchGet<StoredEntry | StoredConversation>(
      [
        ...unknown.map((id) => keys.conversation(id)),
        ...candidates.map(({ conversationId, seq }) => keys.logEntry(conversationId, seq)),
      ],
      { consistent: true },
    );
    const found = new Map(read.map((item) => [nameOf(item), item]));
    for (const id of unknown) {
      const stored = found.get(nameOf(keys.conversation(id))) as StoredConversation | undefined;
      this.#conversations.set(id, stored && fromStoredConversation(stored));
    }
    const accesses = new Map(ids.map((id) => [id, this.#accessTo(id)]));
    const owners = await this.#ownersOf(ids);
    return {
      firstSeqs: new Map(ids.map((id) => [id, accesses.get(id)?.visibleFrom ?? Infinity])),
      found: candidates.flatMap((position) => {
        const { conversationId, seq } = position;
        const stored = found.get(nameOf(keys.logEntry(conversationId, seq))) as (StoredEntry & Key) | undefined;
        const access = accesses.get(conversationId);
        if (stored === undefined || access === undefined) return [];
        const entry = fromStoredEntry(stored);
        // The user may have lost access with a change that the conversation's item does not show yet.
        const isNewer = revisionOf(entry) > (this.#conversations.get(conversationId)?.revision ?? 0);
        if (isNewer || !isVisible(entry, access)) return [];
        const owner = owners.get(conversationId);
        const content = owner && contentOf(owner, entry);
        return content !== undefined && this.#isWanted(entry, content) ? [{ position, entry }] : [];
      }),
    };
  }

  async toMessages(found: readonly FoundMessage[]): Promise<Message[]> {
    const items = new Map(
      [...new Set(found.map(({ position }) => position.conversationId))].flatMap((id) => {
        const item = this.#conversations.get(id);
        return item === undefined ? [] : [[id, item] as const];
      }),
    );
    const [watermarks, owners] = await settleAll([this.#watermarksOf(items), this.#ownersOf([...items.keys()])]);
    return found.flatMap(({ position: { conversationId }, entry }) => {
      const item = items.get(conversationId);
      const owner = owners.get(conversationId);
      if (owner === undefined) return [];
      const status = item && statusOf(item, entry, watermarks.get(conversationId) ?? []);
      return [messageOf(owner, entry, status, this.#accessTo(conversationId))];
    });
  }

  async #watermarksOf(
    items: ReadonlyMap<string, ConversationItem>,
  ): Promise<ReadonlyMap<string, readonly ReadingProgress[]>> {
    const { scope } = this.#principal;
    const groups = [...items].filter(([, { kind }]) => kind !== 'direct');
    const ofDirect = [...items]
      .filter(([, { kind }]) => kind === 'direct')
      .flatMap(([id, item]) => participantIdsOf(item).map((userId) => keys.progress(id, userId)));
    const [direct, ...ofGroups] = await settleAll([
      tenantTable(scope).batchGet<ReadingProgress>(ofDirect),
      ...groups.map(([id, item]) => readWatermarks(scope, id, item)),
    ]);
    const byConversation = Map.groupBy(direct, conversationIdOf);
    return new Map([...byConversation, ...groups.map(([id], index) => [id, ofGroups[index] ?? []] as const)]);
  }

  async #ownersOf(ids: readonly string[]): Promise<ReadonlyMap<string, LogOwner>> {
    const { scope } = this.#principal;
    const owners = await settleAll(
      ids.map(async (conversationId) => {
        const item = this.#conversations.get(conversationId);
        return item === undefined ? [] : [[conversationId, await ownerOf({ scope, conversationId, item })] as const];
      }),
    );
    return new Map(owners.flat());
  }

  #accessTo(conversationId: string): Access | undefined {
    const item = this.#conversations.get(conversationId);
    return item && accessTo(item, this.#principal);
  }
}

function nameOf({ pk, sk }: Pick<Key, 'pk' | 'sk'>): string {
  return `${pk} ${sk}`;
}
