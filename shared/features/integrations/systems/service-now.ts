import type { LimitScope } from './answer-rules.ts';
import { at, listAt, textAt, unexpected } from './answer-rules.ts';
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
import { findingOf } from './finding-rules.ts';

export interface ServiceNowOptions extends Omit<SessionOptions, 'limitScope'> {
  /** `https://example.service-now.com` */
  readonly url: string;
  /** Usually `incident`. */
  readonly table: string;
}

const shown = 'sys_id,number,state,correlation_id,sys_updated_by';

/** A rule limits all requests of a user: https://www.servicenow.com/docs/bundle/xanadu-api-reference/page/integrate/inbound-rest/concept/inbound-REST-API-rate-limiting.html */
const limitScope: LimitScope = () => ({ scope: 'system' });

/** Table API: https://www.servicenow.com/docs/bundle/xanadu-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html */
export function serviceNow(options: ServiceNowOptions): TicketSystem {
  const { url, table } = options;
  const session = new Session({ ...options, limitScope });
  const tableUrl = (name: string, query: Readonly<Record<string, string>>, id?: string) =>
    // Version 1 answers 404 if no record matches.
    `${url}/api/now/v2/table/${encodeURIComponent(name)}${id === undefined ? '' : `/${encodeURIComponent(id)}`}?${new URLSearchParams(query).toString()}`;
  const columns = { sysparm_exclude_reference_link: 'true', sysparm_fields: shown };

  const ticketOf = (result: unknown): RemoteTicket | undefined => {
    const id = textAt(result, 'sys_id');
    const key = textAt(result, 'number');
    if (id === undefined || key === undefined) return undefined;
    const page = new URLSearchParams({ uri: `/${table}.do?sys_id=${id}` });
    return { id, key, url: `${url}/nav_to.do?${page.toString()}`, status: textAt(result, 'state') };
  };
  const oneOf = (answer: unknown): Outcome<RemoteTicket> => {
    const ticket = ticketOf(at(answer, 'result'));
    return ticket === undefined ? unexpected() : { kind: 'done', value: ticket };
  };
  const query = async (name: string, filter: string, fields: string): Promise<Outcome<readonly unknown[]>> => {
    const parameters = { sysparm_query: filter, sysparm_limit: '1', sysparm_fields: fields };
    const found = await session.read({ url: tableUrl(name, { ...columns, ...parameters }) });
    return withValue(found, (answer) => ({ kind: 'done', value: listAt(answer, 'result') }));
  };
  const update = (ticket: TicketReference, json: object) =>
    session.write({ method: 'PATCH', url: tableUrl(table, columns, ticket.id), json });

  return {
    // A search reads the database, but its replica may lag.
    searchDelayMs: 5000,

    async create({ correlation, summary, description, fields }: NewTicket) {
      const json = {
        short_description: cut(summary, 160),
        description,
        ...fields,
        correlation_id: correlation,
        correlation_display: 'Switchboard',
      };
      const created = await session.write({ method: 'POST', url: tableUrl(table, columns), json });
      return withValue(created, (answer) =>
        withValue(oneOf(answer), (ticket) => {
          return { kind: 'done', value: { ...ticket, account: textAt(answer, 'result', 'sys_updated_by') } };
        }),
      );
    },

    async findCreated(correlation: string) {
      const found = await query(table, `correlation_id=${correlation}^ORDERBYsys_created_on`, shown);
      return withValue(found, ([first]): Outcome<RemoteTicket | undefined> => {
        if (first === undefined) return { kind: 'done', value: undefined };
        return oneOf({ result: first });
      });
    },

    async read(externalId: string) {
      const isId = /^[0-9a-f]{32}$/.test(externalId);
      if (isId) return withValue(await session.read({ url: tableUrl(table, columns, externalId) }), oneOf);
      if (!/^[A-Za-z0-9_-]{1,40}$/.test(externalId)) return { kind: 'rejected', reason: 'not-found' };
      return withValue(await query(table, `number=${externalId}`, shown), ([first]): Outcome<RemoteTicket> => {
        return first === undefined ? { kind: 'rejected', reason: 'not-found' } : oneOf({ result: first });
      });
    },

    /** Each write to a journal field appends an entry. */
    async comment(ticket: TicketReference, { text, isInternal }: NewComment) {
      const written = await update(ticket, isInternal ? { work_notes: text } : { comments: text });
      return withValue(written, (answer): Outcome<Written> => {
        return { kind: 'done', value: { account: textAt(answer, 'result', 'sys_updated_by') } };
      });
    },

    async findComment(ticket: TicketReference, marker: string) {
      const found = await query('sys_journal_field', `element_id=${ticket.id}^valueLIKE${marker}`, 'sys_id');
      return withValue(found, ([first]) => ({
        kind: 'done',
        value: first === undefined ? undefined : { id: textAt(first, 'sys_id') },
      }));
    },

    async isInternal(ticket: TicketReference, marker: string) {
      const filter = `element_id=${ticket.id}^valueLIKE${marker}`;
      const found = await query('sys_journal_field', filter, 'sys_id,element');
      return withValue(found, ([first]): Outcome<boolean> => {
        return first === undefined ? unexpected() : { kind: 'done', value: textAt(first, 'element') === 'work_notes' };
      });
    },

    async setStatus(ticket: TicketReference, wanted: string) {
      // Resolving needs a code and notes in most instances.
      const [state = '', code, notes] = wanted.split('|');
      const json = {
        state,
        ...(code === undefined ? {} : { close_code: code }),
        ...(code === undefined ? {} : { close_notes: notes ?? 'Resolved in Switchboard' }),
      };
      return withValue(await update(ticket, json), (answer): Outcome<string | undefined> => ({
        kind: 'done',
        value: textAt(answer, 'result', 'state'),
      }));
    },

    async check(): Promise<readonly Finding[]> {
      const table1 = await query(table, 'sys_idISEMPTY', 'sys_id');
      const journal = await query('sys_journal_field', 'sys_idISEMPTY', 'sys_id');
      return [
        findingOf('credentials', table1, 'The instance accepts the credentials.'),
        findingOf('table', table1, `The user reads the table ${table}.`),
        findingOf('journal', journal, 'The user reads comments, which the service needs to never write one twice.'),
      ];
    },
  };
}

export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
