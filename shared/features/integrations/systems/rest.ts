import type { IntegrationSystem } from '../../../contract/schemas/integration.ts';
import { renderJson, renderPath, textAtPointer } from './template-rules.ts';
import { type LimitScope, unexpected } from './answer-rules.ts';
import { findingOf } from './finding-rules.ts';
import { Session, type SessionOptions, withValue } from './session.ts';
import type {
  Finding,
  NewComment,
  NewTicket,
  Outcome,
  RemoteTicket,
  TemplateValues,
  TicketReference,
  TicketSystem,
  Written,
} from './ticket-system.ts';

type RestSystem = Extract<IntegrationSystem, { readonly kind: 'rest' }>;
type RestRequest = RestSystem['create'];

const limitScope: LimitScope = () => ({ scope: 'system' });
const notConfigured = { kind: 'done', value: undefined } as const;

/** Any system with a JSON API, by the templates of the integration. */
export function rest(system: RestSystem, options: Omit<SessionOptions, 'limitScope'>): TicketSystem {
  const session = new Session({ ...options, limitScope });
  const { idPointer, keyPointer, urlPointer, statusPointer, success, idempotencyHeader, search } = system;

  const ticketOf = (answer: unknown): RemoteTicket | undefined => {
    const id = textAtPointer(answer, idPointer);
    if (id === undefined) return undefined;
    const url = urlPointer === undefined ? undefined : textAtPointer(answer, urlPointer);
    return {
      id,
      key: (keyPointer === undefined ? undefined : textAtPointer(answer, keyPointer)) ?? id,
      url: url?.startsWith('https://') === true ? url : undefined,
      status: statusPointer === undefined ? undefined : textAtPointer(answer, statusPointer),
    };
  };
  const send = async (request: RestRequest, values: TemplateValues, key: string): Promise<Outcome<unknown>> => {
    const body = renderJson(request.body, values);
    if (body === undefined) {
      return { kind: 'rejected', reason: 'rejected', detail: 'The template of the body does not give JSON.' };
    }
    const written = await session.write({
      method: request.method,
      url: system.url + renderPath(request.path, values),
      json: body,
      ...(idempotencyHeader === undefined ? {} : { headers: { [idempotencyHeader.toLowerCase()]: key } }),
    });
    return withValue(written, (answer) => {
      const isSuccess = success === undefined || textAtPointer(answer, success.pointer) === success.equals;
      return isSuccess ? { kind: 'done', value: answer } : { kind: 'rejected', reason: 'rejected' };
    });
  };
  const ofTicket = ({ id, key }: TicketReference): TemplateValues => ({ 'ticket.id': id, 'ticket.key': key });

  return {
    searchDelayMs: 60_000,

    async create(ticket: NewTicket) {
      const values = { ...ticket.values, summary: ticket.summary, correlation: ticket.correlation };
      return withValue(await send(system.create, values, ticket.correlation), (answer): Outcome<RemoteTicket> => {
        const created = ticketOf(answer);
        return created === undefined ? unexpected() : { kind: 'done', value: created };
      });
    },

    async findCreated(correlation: string) {
      if (search !== undefined) {
        const found = await session.read({ url: system.url + renderPath(search, { correlation }) });
        if (found.kind === 'rejected' && found.reason === 'not-found') return notConfigured;
        return withValue(found, (answer) => ({ kind: 'done', value: ticketOf(answer) }));
      }
      // The system recognises the repetition by its key.
      if (idempotencyHeader !== undefined) return notConfigured;
      const detail =
        'A request to create the ticket got no answer, and the integration has no search. Link the ticket by hand, or replay.';
      return { kind: 'rejected', reason: 'no-answer', detail };
    },

    /** The templates have no request that reads a ticket, so the id is taken as it is. */
    async read(externalId: string) {
      return { kind: 'done', value: { id: externalId, key: externalId, url: undefined, status: undefined } };
    },

    async comment(ticket: TicketReference, { text, isInternal, marker }: NewComment) {
      if (system.comment === undefined) return { kind: 'done', value: {} };
      const values = { ...ofTicket(ticket), text, internal: String(isInternal), marker };
      return withValue(await send(system.comment, values, marker), (answer): Outcome<Written> => {
        return { kind: 'done', value: { id: textAtPointer(answer, idPointer) } };
      });
    },

    /** Without a key, a comment whose answer was lost is not repeated. */
    async findComment() {
      return { kind: 'done', value: idempotencyHeader === undefined ? { id: undefined } : undefined };
    },

    /** The templates have no request that reads comments. */
    async isInternal() {
      return { kind: 'done', value: false };
    },

    async setStatus(ticket: TicketReference, wanted: string) {
      if (system.setStatus === undefined) return notConfigured;
      const written = await send(system.setStatus, { ...ofTicket(ticket), status: wanted }, `${ticket.id}-${wanted}`);
      return withValue(written, (): Outcome<string> => ({ kind: 'done', value: wanted }));
    },

    async check(): Promise<readonly Finding[]> {
      const sample: TemplateValues = { correlation: 'sb-test', summary: 'Test', subject: 'Test', description: 'Test' };
      const isJson = renderJson(system.create.body, sample) !== undefined;
      const template = isJson
        ? { check: 'template', ok: true, detail: 'The template of new tickets gives JSON.' }
        : {
            check: 'template',
            ok: false,
            detail: 'The template of new tickets does not give JSON. Put placeholders within quotes.',
          };
      if (search === undefined) return [template];
      const found = await session.read({ url: system.url + renderPath(search, { correlation: 'sb-test' }) });
      const isReachable = found.kind === 'rejected' && found.reason === 'not-found';
      const answered = isReachable ? ({ kind: 'done', value: undefined } as const) : found;
      return [template, findingOf('search', answered, 'The system answers the search.')];
    },
  };
}
