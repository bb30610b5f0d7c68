import { isDeepStrictEqual } from 'node:util';
import type { AgentItem } from '../../../shared/features/agents/agent-item.ts';
import { chooseAgent } from '../../../shared/features/desk/assignment/choose-agent-rules.ts';
import { countedAs, countNames, placesOf, shardOf } from '../../../shared/features/desk/queue-rules.ts';
import { fromStoredConversation, type StoredConversation } from '../../../shared/features/log/conversation-codec.ts';
import type { SupportConversation } from '../../../shared/features/log/conversation-item.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import type { SupportState } from '../../../shared/features/log/support-state.ts';
import { supportStateOf } from '../../../shared/features/log/support-state-view.ts';
import { agentPartition, conversationIdOf, isConversation, keys } from '../../../shared/core/table/keys.ts';

type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };
type Support = readonly [id: string, item: SupportConversation];

/**
 * Lists violations of the desk's invariants: lists, counts and loads equal those that the conversations' items imply, and
 * no conversation waits while a fitting agent is free.
 * @param own - all items of the tenant, whose keys lack its prefix.
 */
export function violationsOfDesk(own: readonly Item[]): string[] {
  const conversations = own.flatMap((item): Support[] => {
    if (!isConversation(item) || item['kind'] !== 'support') return [];
    const stored = item as unknown as StoredConversation;
    return [[conversationIdOf(item), fromStoredConversation(stored) as SupportConversation]];
  });
  const agents = own.filter(({ pk }) => pk === agentPartition) as unknown as readonly AgentItem[];
  return [
    ...violationsOfQueues(own, conversations),
    ...violationsOfCounts(own, conversations),
    ...violationsOfLoads(agents, conversations),
    ...forgotten(agents, conversations),
  ];
}

/** Checks the item of a support conversation against its log. */
export function violationsOfSupport(item: StoredConversation, log: readonly LogEntry[]): string[] {
  const conversation = fromStoredConversation(item) as SupportConversation;
  const end = log.at(-1)?.state.revision;
  const latest = log.findLast(({ support }) => support !== undefined)?.support;
  const state = supportStateOf(conversation.support);
  return [
    ...(conversation.revision === end
      ? []
      : [`has revision ${conversation.revision}, but its log has revision ${end}`]),
    ...(isDeepStrictEqual(latest, state) ? [] : [`has another state than its log: ${JSON.stringify(state)}`]),
  ];
}

function violationsOfQueues(own: readonly Item[], conversations: readonly Support[]): string[] {
  const expected = new Map<string, { readonly id: string; readonly support: SupportState }>(
    conversations.flatMap(([id, { support }]) =>
      placesOf(id, support).map(({ queue, position }) => {
        const { pk, sk } = keys.queue(queue, position);
        return [`${pk} ${sk}`, { id, support }] as const;
      }),
    ),
  );
  const { pk: prefix } = keys.queue('', '');
  const found = new Map<string, Item>(
    own.filter(({ pk }) => pk.startsWith(prefix)).map((item) => [`${item.pk} ${item.sk}`, item]),
  );
  return [
    ...[...expected].filter(([key]) => !found.has(key)).map(([key, { id }]) => `conversation ${id} is not in ${key}`),
    ...[...found].filter(([key]) => !expected.has(key)).map(([key]) => `${key} has a conversation that is elsewhere`),
    ...[...found].flatMap(([key, item]) => {
      const support = expected.get(key)?.support;
      const isCurrent = (['status', 'priority', 'teamId', 'assigneeId', 'customerId'] as const).every(
        (member) => item[member] === support?.[member],
      );
      return support === undefined || isCurrent ? [] : [`${key} has an old copy of its conversation`];
    }),
  ];
}

function violationsOfCounts(own: readonly Item[], conversations: readonly Support[]): string[] {
  const actual = new Map<string, number>();
  for (const [id, { support }] of conversations) {
    const counted = countedAs(support);
    if (counted === undefined) continue;
    const { pk, sk } = keys.queueCounts(counted.teamId, shardOf(id));
    const name: string = `${pk} ${sk} ${counted.name}`;
    actual.set(name, (actual.get(name) ?? 0) + 1);
  }
  const { pk: prefix } = keys.queueCounts(undefined, 0);
  const stored = new Map<string, number>(
    own
      .filter(({ pk }) => pk.startsWith(prefix))
      .flatMap((item) =>
        countNames.map(({ name }) => [`${item.pk} ${item.sk} ${name}`, Number(item[name] ?? 0)] as const),
      ),
  );
  return [...new Set([...actual.keys(), ...stored.keys()])].flatMap((name) => {
    const [counter, count] = [stored.get(name) ?? 0, actual.get(name) ?? 0];
    return counter === count ? [] : [`${name} is ${counter}, but there are ${count} conversations`];
  });
}

function violationsOfLoads(agents: readonly AgentItem[], conversations: readonly Support[]): string[] {
  return agents.flatMap(({ userId, load }) => {
    const active = conversations.filter(
      ([, { support }]) => support.status === 'active' && support.assigneeId === userId,
    ).length;
    return load === active ? [] : [`agent ${userId} has the load ${load}, but ${active} active conversations`];
  });
}

/** Conversations that the service would assign now. */
function forgotten(agents: readonly AgentItem[], conversations: readonly Support[]): string[] {
  return conversations.flatMap(([id, { support }]) => {
    if (support.status !== 'waiting') return [];
    const { chosen } = chooseAgent(support, agents);
    return chosen === undefined ? [] : [`conversation ${id} waits, although agent ${chosen} is free`];
  });
}
