import { at, listAt, textAt } from './systems/answer-rules.ts';

/** A change that another system announced. */
export interface RemoteChange {
  readonly externalId: string;
  /** Of the ticket, if the message contains it. It begins with `sb-` for tickets that the service created. */
  readonly correlation: string | undefined;
  /** The account that made the change. */
  readonly account: string | undefined;
  readonly events: readonly RemoteEvent[];
}

export type RemoteEvent =
  | {
      readonly type: 'comment';
      readonly commentId: string;
      readonly text: string;
      readonly author: string;
      readonly isInternal: boolean;
    }
  | { readonly type: 'status'; readonly status: string; readonly at: number };

const longestText = 10_000;
const longestName = 100;

/** @returns undefined for a message about something else. */
export function readChange(
  kind: 'service-now' | 'jira' | 'rest',
  body: unknown,
  now: number,
): RemoteChange | undefined {
  return kind === 'jira' ? readJira(body, now) : readPlain(body, now);
}

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
function readJira(body: unknown, now: number): RemoteChange | undefined {
  const externalId = textAt(body, 'issue', 'id');
  if (externalId === undefined) return undefined;
  const name = textAt(body, 'webhookEvent');
  const events: RemoteEvent[] = [];
  let account = textAt(body, 'user', 'accountId');
  const commentId = textAt(body, 'comment', 'id');
  if (name === 'comment_created' && commentId !== undefined) {
    const author = textAt(body, 'comment', 'author', 'displayName') ?? 'Jira';
    account = textAt(body, 'comment', 'author', 'accountId') ?? account;
    const text = plainText(at(body, 'comment', 'body'));
    // A message that does not say that the comment is public counts as internal.
    const isInternal = at(body, 'comment', 'jsdPublic') !== true;
    if (text !== '') events.push({ type: 'comment', commentId, text, author: short(author), isInternal });
  }
  const status = listAt(body, 'changelog', 'items').find((item) => textAt(item, 'field') === 'status');
  const toStatus = textAt(status, 'toString');
  if (toStatus !== undefined)
    events.push({ type: 'status', status: short(toStatus), at: timeOf(at(body, 'timestamp'), now) });
  const labels = listAt(body, 'issue', 'fields', 'labels').filter((label) => typeof label === 'string');
  return { externalId, account, events, correlation: labels.find((label) => label.startsWith('sb-')) };
}

/** The form of docs/tickets.md, for ServiceNow's business rule and for REST systems. */
function readPlain(body: unknown, now: number): RemoteChange | undefined {
  const externalId = textAt(body, 'sysId') ?? textAt(body, 'ticketId');
  if (externalId === undefined) return undefined;
  const account = textAt(body, 'by');
  const events: RemoteEvent[] = [];
  const commentId = textAt(body, 'commentId');
  const text = textAt(body, 'text');
  if (commentId !== undefined && text !== undefined) {
    const author = short(textAt(body, 'byName') ?? account ?? 'Service desk');
    events.push({
      type: 'comment',
      commentId,
      text: text.slice(0, longestText),
      author,
      isInternal: at(body, 'internal') !== false,
    });
  }
  const status = textAt(body, 'state') ?? textAt(body, 'status');
  if (status !== undefined) events.push({ type: 'status', status: short(status), at: timeOf(at(body, 'at'), now) });
  return { externalId, account, events, correlation: textAt(body, 'correlationId') };
}

function short(text: string): string {
  return text.slice(0, longestName);
}

function timeOf(value: unknown, now: number): number {
  const time = typeof value === 'number' ? value : Date.parse(typeof value === 'string' ? value : '');
  return Number.isFinite(time) ? time : now;
}

/** The text of a comment, which is plain, or a document in Atlassian's format. */
export function plainText(body: unknown, depth = 0): string {
  if (typeof body === 'string') return body.slice(0, longestText);
  if (depth > 12) return '';
  const own = textAt(body, 'text') ?? '';
  const type = textAt(body, 'type');
  if (type === 'hardBreak') return '\n';
  const inner = listAt(body, 'content').map((part) => plainText(part, depth + 1));
  const joined = own + inner.join('');
  const text = type === 'paragraph' || type === 'heading' || type === 'listItem' ? `${joined}\n` : joined;
  return depth === 0 ? text.trim().slice(0, longestText) : text;
}
