import type { Trouble, TroublePlan, VendorRequest } from '../../../local/far-sides/vendor.ts';
import type { OwnTestRun } from '../harness.ts';
import { succeed } from '../desk/desk-calls.ts';
import { DeskClock } from '../desk/desk-clock.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import type { SignedIn } from '../raw-client.ts';
import { type SystemKind, systems } from './integration-calls.ts';

export interface TicketDesk extends Desk {
  readonly clock: DeskClock;
  readonly agentName: string;
  /** Signed in now. */
  signedInAgent(): Promise<SignedIn>;
  signedInAdmin(): Promise<SignedIn>;
  signedInCustomer(): Promise<SignedIn>;
  readonly integrationId: string;
  readonly secret: string;
}

/** A desk with one agent and one integration, which all functions know. */
export async function ticketDesk(
  test: OwnTestRun,
  name: string,
  kind: SystemKind,
  rules: object = {},
): Promise<TicketDesk> {
  const desk = await deskOf(test, name);
  const clock = new DeskClock(test);
  const body = { name: 'Service desk', system: systems[kind], rules };
  const created = await succeed(test, desk.admin, 'POST', '/admin/integrations', body);
  // Until then, functions remember that the tenant had no integration.
  await clock.advance(31_000);
  await desk.agent('amina', { maxConcurrent: 50 });
  return {
    ...desk,
    clock,
    agentName: 'amina',
    signedInAgent: () => clock.signedIn(desk, 'amina'),
    signedInAdmin: () => clock.signedIn(desk, 'boss'),
    signedInCustomer: () => clock.signedIn(desk, 'customer'),
    integrationId: created.integration.id as string,
    secret: created.inboundSecret as string,
  };
}

/** Sends the changes of a vendor to the integration. */
export function subscribe(test: OwnTestRun, kind: SystemKind, { integrationId, secret }: TicketDesk): void {
  serverOf(test, kind).subscription = { url: `${test.url}/api/v1/tickets/${integrationId}`, secret };
}

export function serverOf({ run: { vendors } }: OwnTestRun, kind: SystemKind) {
  return kind === 'jira' ? vendors.jira.server : vendors.serviceNow.server;
}

export interface FarTicket {
  readonly key: string;
  readonly correlation: string;
  readonly status: string;
  readonly comments: readonly { readonly text: string; readonly isInternal: boolean; readonly by: string }[];
}

/** The tickets of a vendor, in one form. */
export function ticketsAt({ run: { vendors } }: OwnTestRun, kind: SystemKind): readonly FarTicket[] {
  if (kind === 'jira') {
    return vendors.jira.issues.map(({ key, labels, status, comments }) => ({
      key,
      correlation: labels[0] ?? '',
      status,
      comments: comments.map(({ body, isPublic, by }) => ({ text: body, isInternal: !isPublic, by })),
    }));
  }
  return vendors.serviceNow.incidents.map(({ number, fields, journal }) => ({
    key: number,
    correlation: fields['correlation_id'] ?? '',
    status: fields['state'] ?? '',
    comments: journal.map(({ value, element, by }) => ({ text: value, isInternal: element === 'work_notes', by })),
  }));
}

export function ticketOf(test: OwnTestRun, kind: SystemKind, conversationId: string): FarTicket {
  const found = ticketsAt(test, kind).filter(({ correlation }) => correlation === `sb-${conversationId.toLowerCase()}`);
  const [ticket] = found;
  if (ticket === undefined || found.length > 1) throw new Error(`There are ${found.length} tickets, not one`);
  return ticket;
}

/** The lines of the chat in the comments of the service, without its marks. */
export function linesOf({ comments }: FarTicket): readonly string[] {
  return comments
    .filter(({ by }) => by === 'switchboard' || by === 'account-switchboard')
    .flatMap(({ text }) => text.split('\n').filter((line) => line !== '' && !/^\[sb-[0-9a-z]+-\d+\]$/.test(line)));
}

/** Takes the troubles of a shuffled deck in turn. Undefined: the request succeeds. */
export function dealt(
  deck: readonly (Trouble | undefined)[],
  concerns: (request: VendorRequest) => boolean,
): TroublePlan {
  let next = 0;
  return (request) => {
    if (!concerns(request)) return undefined;
    next += 1;
    return deck[(next - 1) % deck.length];
  };
}
