import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Charset } from './formats/document-rules.ts';
import type { Rejection } from './inspection-rules.ts';

/**
 * A file of a conversation. `announced` → `ready` or `rejected`; any of them → `discarded`, after which nobody sees it
 * and its bytes are deleted.
 */
export interface AttachmentItem {
  readonly attachmentId: string;
  readonly conversationId: string;
  readonly ownerId: string;
  readonly status: 'announced' | 'ready' | 'rejected' | 'discarded';
  /** Encrypted. */
  readonly name: Uint8Array;
  readonly contentType: AttachmentType;
  /** Bytes, as they were announced and have to arrive. */
  readonly announcedSize: number;
  /** Bytes charged to the user's quota and, once it is ready, to the tenant's. */
  readonly counted: number;
  readonly createdAt: number;
  /** Milliseconds since the epoch after which it is discarded unless it was sent. */
  readonly dueAt: number;
  readonly rejection?: Rejection;
  /** Sentences for users, without the file's name and content. */
  readonly rejectionDetail?: string;
  /** The number of examinations started, and the start of the last one. */
  readonly examinations?: number;
  readonly examinedAt?: number;
  /** What `ready` adds. */
  readonly facts?: AttachmentFacts;
  /** Number of the message that carries it, and the id that the sender's client gave that. */
  readonly sentSeq?: number;
  readonly sentAs?: string;
}

/** What was found out about the bytes. */
export interface AttachmentFacts {
  /** Names the stored objects, so that two examinations of different bytes do not mix theirs. */
  readonly digest: string;
  readonly size: number;
  /** The type of the bytes, if it differs from the announced one. */
  readonly contentType?: AttachmentType;
  /** Encrypted: the name with that type's extension. */
  readonly name?: Uint8Array;
  /** Of a text, if its byte order mark names one. */
  readonly charset?: Charset;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly hasThumbnail: boolean;
}

/** An announced file has an hour to arrive, a ready one a day to be sent. */
export const arrivalMs = 60 * 60 * 1000;
export const sendingMs = 24 * 60 * 60 * 1000;

export function viewOf(
  keys: TenantKeys,
  scope: TenantScope,
  item: AttachmentItem & { readonly facts: AttachmentFacts },
): AttachmentView {
  const { digest: _digest, charset: _charset, name = item.name, contentType = item.contentType, ...facts } = item.facts;
  return {
    id: item.attachmentId,
    name: nameOf(keys, scope, { attachmentId: item.attachmentId, name }),
    contentType,
    ...facts,
  };
}

export function hasFacts(item: AttachmentItem): item is AttachmentItem & { readonly facts: AttachmentFacts } {
  return item.facts !== undefined;
}

export function nameOf(
  keys: TenantKeys,
  scope: TenantScope,
  item: Pick<AttachmentItem, 'attachmentId' | 'name'>,
): string {
  return decryptField(keys, namePlace(scope, item.attachmentId), item.name);
}

export function encryptName(keys: TenantKeys, scope: TenantScope, attachmentId: string, name: string): Uint8Array {
  return encryptField(keys, namePlace(scope, attachmentId), name);
}

function namePlace(scope: TenantScope, attachmentId: string): readonly string[] {
  return [scope.tenantId, 'attachment', attachmentId, 'name'];
}
