import { systemUserId } from '../../contract/schemas/ids.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readAgents } from '../agents/agent-store.ts';
import { isParticipant, type SupportConversation } from '../log/conversation-item.ts';
import type { EditContent } from '../log/entry-kinds.ts';
import { type LogOwner, openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { readEntries } from '../log/log-store.ts';
import { openTexts } from '../log/support-texts.ts';
import { messageOf } from '../timeline/message-view.ts';
import { wordsOf } from '../transcripts/transcript-rules.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { NewTicket, TemplateValues } from './systems/ticket-system.ts';
import { render } from './systems/template-rules.ts';
import type { TicketLink } from './ticket-link.ts';
import type { TimelineEntry } from './timeline-rules.ts';

/** Entries in the words that a ticket gets. */
export async function timelineOf(
  owner: LogOwner,
  item: SupportConversation,
  entries: readonly LogEntry[],
): Promise<readonly TimelineEntry[]> {
  if (entries.length === 0 || owner.isErased === true) return [];
  const names = await agentNames(owner.scope);
  const targets = entries.flatMap(({ kind, target }) => (kind.name === 'edit' && target !== undefined ? [target] : []));
  const changed = new Map((await readEntries(owner, [...new Set(targets)])).map((entry) => [entry.seq, entry]));
  return entries.map((entry) => {
    const subject = entry.kind.name === 'edit' ? changed.get(entry.target ?? 0) : entry;
    return {
      seq: entry.seq,
      kind: entry.kind.name,
      author: authorOf(item, entry.senderId, names),
      words: wordsIn(owner, entry),
      target: entry.target,
      isDeleted: subject?.changes.deletion !== undefined,
      isUrgent: entry.kind.name === 'message' && messageOf(owner, entry).urgent === true,
    };
  });
}

async function agentNames(scope: TenantScope): Promise<ReadonlyMap<string, string>> {
  return new Map((await readAgents(scope)).map(({ userId, displayName }) => [userId, displayName]));
}

/** Customers stay without a name, which is contact data. */
function authorOf(item: SupportConversation, senderId: string, names: ReadonlyMap<string, string>): string {
  if (senderId === systemUserId) return 'Service';
  return isParticipant(item, senderId) ? 'Customer' : (names.get(senderId) ?? 'Agent');
}

function wordsIn(owner: LogOwner, entry: LogEntry): string {
  if (entry.kind.name === 'edit') return (openContent(owner, entry) as EditContent).text ?? '';
  if (!entry.kind.isMessage || entry.changes.deletion !== undefined) return '';
  return wordsOf(messageOf(owner, entry));
}

/** Impact and urgency, of which ServiceNow derives the priority. */
const serviceNowPriority = {
  low: { impact: '3', urgency: '3' },
  medium: { impact: '2', urgency: '2' },
  high: { impact: '2', urgency: '1' },
  urgent: { impact: '1', urgency: '1' },
} as const;

export function newTicketOf(
  owner: LogOwner,
  item: SupportConversation,
  { system, rules }: Pick<IntegrationItem, 'system' | 'rules'>,
  { correlation, conversationId }: Pick<TicketLink, 'correlation' | 'conversationId'>,
): NewTicket {
  const texts = owner.isErased === true ? {} : openTexts(owner, item.sealed);
  const { priority, status, teamId = '' } = item.support;
  const subject = texts.subject ?? `Conversation ${conversationId}`;
  const url = rules.conversationUrl === undefined ? '' : render(rules.conversationUrl, { conversationId });
  const values: TemplateValues = {
    ...{ subject, priority, status, teamId, conversationId, url, correlation },
    description: texts.description ?? '',
  };
  const wanted = system.kind === 'rest' ? {} : (system.fields ?? {});
  const fields = Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, render(value, values)]));
  const origin = [
    `Opened from a Switchboard conversation (${priority}).`,
    ...(url === '' ? [] : [url]),
    `[${correlation}]`,
  ];
  return {
    correlation,
    summary: subject,
    description: [...(texts.description === undefined ? [] : [texts.description, '']), ...origin].join('\n'),
    fields: system.kind === 'service-now' ? { ...serviceNowPriority[priority], ...fields } : fields,
    values,
  };
}
