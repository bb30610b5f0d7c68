import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { conversationAbsent } from './conversation-slots.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Matrix } from './request-cases.ts';

const teamAbsent = absent(404, 'TEAM_NOT_FOUND');

/** The conversation of the guest, if the caller works at the tenant's desk. */
function ownSupport({ role, home }: Caller): string | undefined {
  return role === 'agent' || role === 'admin' ? home?.support : undefined;
}

export function inOwnSupport(caller: Caller, request: OperationRequest, done: Expectation): readonly Case[] {
  const conversationId = ownSupport(caller);
  if (conversationId === undefined) return [];
  return [{ name: 'own', request: { ...request, params: { conversationId } }, ...done }];
}

/** Agents have no access to conversations of a team that is not theirs. */
export function supportSlot(rest: (caller: Caller) => OperationRequest) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign, role } = caller;
    const values = wrongIds({
      own: home?.support ?? ulid(),
      foreign: foreign.support,
      foreignTenantId: foreign.tenantId,
      // Only participants have access to direct conversations, admins included.
      others: role === 'admin' ? home?.conversation : home?.otherSupport,
    });
    return casesOf('path.conversationId', values, conversationAbsent, (conversationId) => ({
      ...rest(caller),
      params: { conversationId },
    }));
  };
}

/** A request of the desk about one support conversation. */
export function onSupport(request: (caller: Caller) => OperationRequest, done: Expectation): Matrix {
  return {
    own: (caller) => inOwnSupport(caller, request(caller), done),
    slots: { 'path.conversationId': supportSlot(request) },
  };
}

/** Ids of agents that the caller's tenant does not have. */
export function agentsSlot(
  slot: string,
  notFound: Expectation,
  request: (caller: Caller, agentId: string) => OperationRequest,
) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign } = caller;
    const values = wrongIds({
      own: home?.agent.userId ?? ulid(),
      foreign: foreign.agent.userId,
      foreignTenantId: foreign.tenantId,
      // A user who is no agent.
      others: home?.bob.userId,
    });
    return casesOf(slot, values, notFound, (agentId) => request(caller, agentId));
  };
}

/** Ids of teams that the caller's tenant does not have. */
export function teamsSlot(
  slot: string,
  request: (caller: Caller, teamId: string) => OperationRequest,
  notFound: Expectation = teamAbsent,
) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign } = caller;
    const values = wrongIds({
      own: home?.team ?? ulid(),
      foreign: foreign.team,
      foreignTenantId: foreign.tenantId,
    });
    return casesOf(slot, values, notFound, (teamId) => request(caller, teamId));
  };
}

/** Ids of templates that the caller's tenant does not see. */
export function templatesOfBodySlot(
  request: (caller: Caller, templateId: string) => OperationRequest,
  notFound: Expectation = absent(404, 'TEMPLATE_NOT_FOUND'),
) {
  return (caller: Caller): readonly Case[] => {
    const { home, foreign } = caller;
    const values = wrongIds({
      own: home?.template ?? ulid(),
      foreign: foreign.template,
      foreignTenantId: foreign.tenantId,
    });
    return casesOf('body.templateId', values, notFound, (templateId) => request(caller, templateId));
  };
}

/** A slot of an operation on the caller's own support conversation. */
export function withinOwnSupport(
  slot: (request: (caller: Caller, value: string) => OperationRequest) => (caller: Caller) => readonly Case[],
  body: (value: string) => Readonly<Record<string, unknown>>,
) {
  return (caller: Caller): readonly Case[] => {
    const conversationId = ownSupport(caller);
    if (conversationId === undefined) return [];
    return slot((_, value) => ({ params: { conversationId }, body: body(value) }))(caller);
  };
}

/** The desk's parameters of a list: an id of another tenant looks like an unknown one. */
export function listSlot(values: (caller: Caller) => readonly Case[]) {
  return (caller: Caller): readonly Case[] => {
    const mayList = caller.role === 'agent' || caller.role === 'admin' || caller.role === 'staff';
    const denied = { status: 403, code: 'FORBIDDEN', alike: 'not an agent' };
    return values(caller).map((each) => (each.status === 422 || mayList ? each : { ...each, ...denied }));
  };
}
