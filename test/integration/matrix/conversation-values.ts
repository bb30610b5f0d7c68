import { ulid } from 'ulid';
import type { Caller } from './caller.ts';
import { wrongIds, type IdValue } from './id-values.ts';

export function ownConversation({ person, home }: Caller): string | undefined {
  if (person === home?.alice || person === home?.bob) return home.conversation;
  return person === home?.agent || person === home?.carol ? home.otherConversation : undefined;
}

export function wrongConversations(caller: Caller): readonly IdValue[] {
  const { home, foreign, role } = caller;
  const own = ownConversation(caller) ?? home?.conversation ?? ulid();
  const others = own === home?.conversation ? home.otherConversation : home?.conversation;
  return [
    ...wrongIds({ own, foreign: foreign.conversation, foreignTenantId: foreign.tenantId, others }),
    { kind: 'another tenant’s guest’s', value: foreign.support, form: 'well-formed' },
    // Admins have access to the support conversations of all teams.
    ...(home === undefined || role === 'admin'
      ? []
      : [{ kind: 'another customer’s', value: home.otherSupport, form: 'well-formed' } as const]),
  ];
}
