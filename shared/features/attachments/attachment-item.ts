import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Charset } from './formats/document-rules.ts';
import type { Rejection } from './inspection-rules.ts';

/**
 * Changes from `announced` to `ready` or `rejected`, and from any of these to `discarded`, which hides the file and
 * deletes its bytes.
 */
export interface AttachmentItem {
  readonly attachmentId: string;
  readonly conversationId: string;
  readonly ownerId: string;
  readonly status: 'announced' | 'ready' | 'rejected' | 'discarded';
  /** Encrypted. */
  readonly name: Uint8Array;
  readonly contentType: AttachmentType;
  /** Bytes. The upload must have this size. */
  readonly announcedSize: number;
  /** Bytes charged to the user's quota and, once ready, to the tenant's. */
  readonly counted: number;
  readonly createdAt: number;
  /** Milliseconds since the epoch; then an unsent file is discarded. */
  readonly dueAt: number;
  readonly rejection?: Rejection;
  /** Sentences for users, without the file's name and content. */
  readonly rejectionDetail?: string;
  readonly examinations?: number;
  readonly examinedAt?: number;
  /** Present once the file is ready. */
  readonly properties?: FileProperties;
  readonly sentSeq?: number;
  readonly sentAs?: string;
}

export interface FileProperties {
  /** Part of the stored objects' keys: different bytes have separate objects. */
  readonly digest: string;
  readonly size: number;
  /** Present if it differs from the announced type. */
  readonly contentType?: AttachmentType;
  /** With the extension of that type, encrypted. */
  readonly name?: Uint8Array;
  /** Of a text with a byte order mark. */
  readonly charset?: Charset;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly hasThumbnail: boolean;
}

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
