import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf } from './request-cases.ts';

export function ownAttachment({ person, home }: Caller): string | undefined {
  if (person === home?.alice) return home.attachment;
  return person === home?.agent ? home.otherAttachment : undefined;
}

export function onOwnAttachment(caller: Caller, request: OperationRequest = {}): Case[] {
  const attachmentId = ownAttachment(caller);
  if (attachmentId === undefined) return [];
  return [{ name: 'own', request: { ...request, params: { attachmentId } }, status: 200 }];
}

export function attachmentSlot(caller: Caller): readonly Case[] {
  const { home, foreign } = caller;
  const own = ownAttachment(caller) ?? home?.attachment ?? ulid();
  const others = own === home?.attachment ? home.otherAttachment : home?.attachment;
  const values = wrongIds({ own, foreign: foreign.attachment, foreignTenantId: foreign.tenantId, others });
  return casesOf('path.attachmentId', values, absent(404, 'ATTACHMENT_NOT_FOUND'), (attachmentId) => ({
    params: { attachmentId },
  }));
}
