import { at, type LimitScope, listAt, single, textAt, unexpected } from './answer-rules.ts';
import { findingOf } from './finding-rules.ts';
import { cut } from './service-now.ts';
import { Session, type SessionOptions, withValue } from './session.ts';
import type {
  Finding,
  NewComment,
  NewTicket,
  Outcome,
  RemoteTicket,
  TicketReference,
  TicketSystem,
  Written,
} from './ticket-system.ts';

export interface JiraOptions extends Omit<SessionOptions, 'limitScope'> {
  /** `https://example.atlassian.net` */
  readonly url: string;
  readonly serviceDeskId: string;
  readonly requestTypeId: string;
}

const mostCommentCharacters = 32_000;
const mostPages = 10;

/**
 * Quotas of the site or the app stop everything. A limit of writes to one issue delays this issue only.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
const limitScope: LimitScope = (headers) => {
  const reason = single(headers['ratelimit-reason']);
  return reason === 'jira-per-issue-on-write' ? { scope: 'ticket' } : { scope: 'system' };
};

/**
 * Jira Service Management: https://developer.atlassian.com/cloud/jira/service-desk/rest/
 * Comments use its API, because there each comment says whether it is public. Jira's own API makes comments public
 * unless a property says otherwise.
 */
export function jira(options: JiraOptions): TicketSystem {
  const { url, serviceDeskId, requestTypeId } = options;
  const session = new Session({ ...options, limitScope });
  const desk = `${url}/rest/servicedeskapi`;
  const requestUrl = ({ key }: Pick<TicketReference, 'key'>) => `${desk}/request/${encodeURIComponent(key)}`;

  const ticketOf = (answer: unknown): Outcome<RemoteTicket> => {
    const id = textAt(answer, 'issueId') ?? textAt(answer, 'id');
    const key = textAt(answer, 'issueKey') ?? textAt(answer, 'key');
    if (id === undefined || key === undefined) return unexpected();
    const status = textAt(answer, 'currentStatus', 'status') ?? textAt(answer, 'fields', 'status', 'name');
    return { kind: 'done', value: { id, key, url: `${url}/browse/${encodeURIComponent(key)}`, status } };
  };

  /** The API has no search for comments, so this reads all pages. */
  const commentWith = async (ticket: TicketReference, marker: string): Promise<Outcome<unknown>> => {
    for (let page = 0; page < mostPages; page += 1) {
      const parameters = new URLSearchParams({ start: String(page * 100), limit: '100' });
      const read = await session.read({ url: `${requestUrl(ticket)}/comment?${parameters.toString()}` });
      if (read.kind !== 'done') return read;
      const found = listAt(read.value, 'values').find((comment) => textAt(comment, 'body')?.includes(marker));
      if (found !== undefined) return { kind: 'done', value: found };
      if (at(read.value, 'isLastPage') !== false) break;
    }
    return { kind: 'done', value: undefined };
  };

  return {
    // The index of the search follows within seconds, and within a minute on busy sites.
    searchDelayMs: 60_000,

    async create({ correlation, summary, description, fields }: NewTicket) {
      const { raiseOnBehalfOf, ...requestFields } = fields;
      const json = {
        serviceDeskId,
        requestTypeId,
        requestFieldValues: {
          ...requestFields,
          summary: cut(summary, 255),
          description: cut(description, mostCommentCharacters),
          labels: [correlation],
        },
        ...(raiseOnBehalfOf === undefined ? {} : { raiseOnBehalfOf }),
      };
      return withValue(await session.write({ method: 'POST', url: `${desk}/request`, json }), ticketOf);
    },

    async findCreated(correlation: string) {
      const parameters = new URLSearchParams({
        jql: `labels = "${correlation}" ORDER BY created ASC`,
        maxResults: '1',
        fields: 'status',
      });
      const found = await session.read({ url: `${url}/rest/api/3/search/jql?${parameters.toString()}` });
      return withValue(found, (answer): Outcome<RemoteTicket | undefined> => {
        const [first] = listAt(answer, 'issues');
        return first === undefined ? { kind: 'done', value: undefined } : ticketOf(first);
      });
    },

    async read(externalId: string) {
      if (!/^(?:[A-Za-z][A-Za-z0-9_]*-\d+|\d+)$/.test(externalId)) return { kind: 'rejected', reason: 'not-found' };
      return withValue(await session.read({ url: requestUrl({ key: externalId }) }), ticketOf);
    },

    async comment(ticket: TicketReference, { text, isInternal }: NewComment) {
      const json = { body: cut(text, mostCommentCharacters), public: !isInternal };
      const written = await session.write({ method: 'POST', url: `${requestUrl(ticket)}/comment`, json });
      return withValue(written, (answer): Outcome<Written> => {
        return { kind: 'done', value: { id: textAt(answer, 'id'), account: textAt(answer, 'author', 'accountId') } };
      });
    },

    async findComment(ticket: TicketReference, marker: string) {
      return withValue(
        await commentWith(ticket, marker),
        (found): Outcome<{ readonly id: string | undefined } | undefined> => {
          return { kind: 'done', value: found === undefined ? undefined : { id: textAt(found, 'id') } };
        },
      );
    },

    async isInternal(ticket: TicketReference, marker: string) {
      return withValue(await commentWith(ticket, marker), (found): Outcome<boolean> => {
        return found === undefined ? unexpected() : { kind: 'done', value: at(found, 'public') === false };
      });
    },

    /** `wanted` is the name of a transition, or of the status that a transition leads to. */
    async setStatus(ticket: TicketReference, wanted: string) {
      const issue = `${url}/rest/api/3/issue/${encodeURIComponent(ticket.key)}`;
      const offered = await session.read({ url: `${issue}/transitions` });
      if (offered.kind !== 'done') return offered;
      const isWanted = (name: string | undefined) => name?.toLowerCase() === wanted.toLowerCase();
      const transition = listAt(offered.value, 'transitions').find((each) => {
        return isWanted(textAt(each, 'name')) || isWanted(textAt(each, 'to', 'name'));
      });
      const id = textAt(transition, 'id');
      // The workflow has no way from the current status. A person must decide.
      if (id === undefined) {
        return { kind: 'rejected', reason: 'rejected', detail: `The workflow offers no transition to ${wanted}.` };
      }
      const written = await session.write({
        ...{ method: 'POST', url: `${issue}/transitions` },
        json: { transition: { id } },
      });
      return withValue(written, (): Outcome<string | undefined> => {
        return { kind: 'done', value: textAt(transition, 'to', 'name') ?? wanted };
      });
    },

    async check(): Promise<readonly Finding[]> {
      const self = await session.read({ url: `${url}/rest/api/3/myself` });
      const type = `${desk}/servicedesk/${encodeURIComponent(serviceDeskId)}/requesttype/${encodeURIComponent(requestTypeId)}`;
      const fields = await session.read({ url: `${type}/field` });
      return [
        findingOf('credentials', self, 'The site accepts the credentials.'),
        findingOf('request type', fields, 'The user can create requests of this type.'),
        ...(fields.kind === 'done' ? [requiredFields(fields.value)] : []),
      ];
    },
  };
}

const sentFields: ReadonlySet<string> = new Set(['summary', 'description', 'labels']);

function requiredFields(answer: unknown): Finding {
  const fields = listAt(answer, 'requestTypeFields');
  const missing = fields
    .filter((field) => at(field, 'required') === true && !sentFields.has(textAt(field, 'fieldId') ?? ''))
    .map((field) => textAt(field, 'fieldId'));
  const hasLabels = fields.some((field) => textAt(field, 'fieldId') === 'labels');
  if (!hasLabels) {
    const detail = 'Add the field Labels to the request type (it may be hidden): it marks the tickets of the service.';
    return { check: 'fields', ok: false, detail };
  }
  return missing.length === 0
    ? { check: 'fields', ok: true, detail: 'The service sends all required fields.' }
    : { check: 'fields', ok: false, detail: `Add these required fields to the integration: ${missing.join(', ')}.` };
}
