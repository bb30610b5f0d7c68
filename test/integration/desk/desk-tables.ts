import { countNames, countedAs, placesOf } from '../../../shared/features/desk/queue-rules.ts';
import { chooseAgent } from '../../../shared/features/desk/assignment/choose-agent-rules.ts';
import { candidateOf } from '../../../shared/features/desk/assignment/candidates.ts';
import type { AgentItem } from '../../../shared/features/agents/agent-item.ts';
import type { StoredConversation } from '../../../shared/features/log/conversation-codec.ts';
import type { SupportState } from '../../../shared/features/log/support-state.ts';
import { agentIdOf, conversationIdOf, isAgent, isConversation, keys } from '../../../shared/core/table/keys.ts';
import type { TestRun } from '../harness.ts';
import { type StoredItem, Tables } from '../system/tables.ts';

type Stored = StoredItem & Readonly<Record<string, unknown>>;

/** The desk of a tenant as the table has it. */
export class DeskTables {
  readonly #tables: Tables;
  readonly #prefix: string;

  constructor(test: TestRun, tenantId: string) {
    this.#tables = new Tables(test.run);
    this.#prefix = `T#${tenantId}#`;
  }

  async read(): Promise<DeskContent> {
    const items = (await this.#tables.items())
      .filter(({ pk }) => pk.startsWith(this.#prefix))
      .map((item): Stored => ({ ...item, pk: item.pk.slice(this.#prefix.length) }));
    return new DeskContent(items);
  }
}

export class DeskContent {
  readonly items: readonly Stored[];
  readonly conversations: ReadonlyMap<string, SupportState>;
  readonly agents: ReadonlyMap<string, AgentItem>;

  constructor(items: readonly Stored[]) {
    this.items = items;
    this.conversations = new Map(
      items.filter(isConversation).flatMap((item) => {
        const stored = item as unknown as StoredConversation;
        return stored.kind === 'support' ? [[conversationIdOf(item), stored.support] as const] : [];
      }),
    );
    this.agents = new Map(items.filter(isAgent).map((item) => [agentIdOf(item), item as unknown as AgentItem]));
  }

  /** Differences between what is stored beside the conversations and what follows from them. */
  violations(): string[] {
    return [...this.#loads(), ...this.#counts(), ...this.#places()];
  }

  /** Conversations that wait although the rules find an agent. */
  overlooked(graceMs: number, now: number): string[] {
    const candidates = [...this.agents.values()].map((agent) => candidateOf(agent, graceMs, now));
    return [...this.conversations].flatMap(([id, state]) => {
      if (state.status !== 'waiting') return [];
      const { chosen } = chooseAgent(state, candidates);
      return chosen === undefined ? [] : [`${id} waits although ${chosen} is free`];
    });
  }

  /** Agents with more conversations than their limit. */
  overloaded(): string[] {
    return [...this.agents.values()].flatMap(({ userId, load, maxConcurrent }) =>
      load > maxConcurrent ? [`${userId} has ${load} of at most ${maxConcurrent} conversations`] : [],
    );
  }

  #loads(): string[] {
    return [...this.agents.values()].flatMap(({ userId, load }) => {
      const active = [...this.conversations.values()].filter(
        ({ status, assigneeId }) => status === 'active' && assigneeId === userId,
      ).length;
      return load === active ? [] : [`${userId} has the load ${load} and ${active} active conversations`];
    });
  }

  #counts(): string[] {
    const expected = new Map<string, number>();
    for (const state of this.conversations.values()) {
      const counted = countedAs(state);
      if (counted !== undefined) add(expected, `${keys.queueCounts(counted.teamId, 0).pk} ${counted.name}`, 1);
    }
    const stored = new Map<string, number>();
    for (const item of this.items.filter(({ pk }) => pk.startsWith('COUNTS#'))) {
      for (const { name } of countNames) add(stored, `${item.pk} ${name}`, Number(item[name] ?? 0));
    }
    return [...new Set([...expected.keys(), ...stored.keys()])].flatMap((name) => {
      const [wanted, found] = [expected.get(name) ?? 0, stored.get(name) ?? 0];
      return wanted === found ? [] : [`the counter ${name} is ${found} instead of ${wanted}`];
    });
  }

  #places(): string[] {
    const expected = new Set(
      [...this.conversations].flatMap(([id, state]) =>
        placesOf(id, state).map(({ queue, position }) => `${keys.queue(queue, position).pk} ${position}`),
      ),
    );
    const stored = new Set(this.items.filter(({ pk }) => pk.startsWith('Q#')).map(({ pk, sk }) => `${pk} ${sk}`));
    return [
      ...[...expected].filter((place) => !stored.has(place)).map((place) => `${place} is not in its list`),
      ...[...stored].filter((place) => !expected.has(place)).map((place) => `${place} is in a list by mistake`),
    ];
  }
}

function add(sums: Map<string, number>, name: string, change: number): void {
  sums.set(name, (sums.get(name) ?? 0) + change);
}
