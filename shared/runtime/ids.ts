import { ulid } from 'ulid';

/** A new ULID: 26 characters, sortable by time. */
export function newId(): string {
  return ulid();
}
