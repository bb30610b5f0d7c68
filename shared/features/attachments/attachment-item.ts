import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Charset } from './formats/document-rules.ts';
import type { Rejection } from './inspection-rules.ts';

/**
 * A file of a conversation. Its status changes from `announced` to `ready` or `rejected`, and from any of these to
 * `discarded`. A discarded file cannot be seen, and its bytes are deleted.
 */
export interface AttachmentItem {
  readonly attachmentId: string;
  readonly conversationId: string;
  readonly ownerId: string;
  readonly status: 'announced' | 'ready' | 'rejected' | 'discarded';
  /** The file name, encrypted. */
  readonly name: Uint8Array;
  readonly contentType: AttachmentType;
  /** The announced size in bytes. The upload must have this size. */
  readonly announcedSize: number;
  /** Bytes charged to the user's quota and, once the file is ready, to the tenant's. */
  readonly counted: number;
  readonly createdAt: number;
  /** Milliseconds since the epoch at which the file is discarded if it was not sent. */
  readonly dueAt: number;
  readonly rejection?: Rejection;
  /** The reason in sentences for users, without the file's name and content. */
  readonly rejectionDetail?: string;
  /** The number of examinations started, and the start of the last one. */
  readonly examinations?: number;
  readonly examinedAt?: number;
  /** Present once the file is ready. */
  readonly properties?: FileProperties;
  /** The number of the message that contains the file, and the client message id of that message. */
  readonly sentSeq?: number;
  readonly sentAs?: string;
}

/** The result of the examination of the bytes. */
export interface FileProperties {
  /** Part of the stored objects' keys, so that examinations of different bytes have separate objects. */
  readonly digest: string;
  readonly size: number;
  /** The type of the bytes if it differs from the announced one. */
  readonly contentType?: AttachmentType;
  /** The name with the extension of that type, encrypted. */
  readonly name?: Uint8Array;
  /** The encoding of a text, if its byte order mark states one. */
  readonly charset?: Charset;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly hasThumbnail: boolean;
}

/** An announced file must be uploaded within an hour, and a ready one sent within a day. */
export const arrivalMs = 60 * 60 * 1000;
export const sendingMs = 24 * 60 * 60 * 1000;

export function viewOf(
  keys: TenantKeys,
  scope: TenantScope,
  item: AttachmentItem & { readonly properties: FileProperties },
): AttachmentView {
  const {
    digest: _digest,
    charset: _charset,
    name = item.name,
    contentType = item.contentType,
    ...properties
  } = item.properties;
  return {
    id: item.attachmentId,
    name: nameOf(keys, scope, { attachmentId: item.attachmentId, name }),
    contentType,
    ...properties,
  };
}

export function isExamined(item: AttachmentItem): item is AttachmentItem & { readonly properties: FileProperties } {
  return item.properties !== undefined;
}

export function nameOf(
  keys: TenantKeys,
  scope: TenantScope,
  item: Pick<AttachmentItem, 'attachmentId' | 'name'>,
): string {
  return decryptField(keys, nameContext(scope, item.attachmentId), item.name);
}

export function encryptName(keys: TenantKeys, scope: TenantScope, attachmentId: string, name: string): Uint8Array {
  return encryptField(keys, nameContext(scope, attachmentId), name);
}

function nameContext(scope: TenantScope, attachmentId: string): readonly string[] {
  return [scope.tenantId, 'attachment', attachmentId, 'name'];
}
