import { ulid } from 'ulid';

/** A value in the place of an id, and how the system must treat it. */
export interface IdValue {
  readonly kind: string;
  readonly value: string;
  /** A `well-formed` id is not found; a `malformed` one is rejected before the system reads anything. */
  readonly form: 'well-formed' | 'malformed';
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The id with another last character: the next one of the alphabet. */
function twinOf(id: string): string {
  const last = alphabet.indexOf(id.slice(-1));
  return id.slice(0, -1) + alphabet[(last + 1) % alphabet.length];
}

export interface IdOrigin {
  /** An id of the caller's own that works. */
  readonly own: string;
  /** The same kind of id in another tenant. */
  readonly foreign: string;
  readonly foreignTenantId: string;
  /** Another user's in the caller's tenant, if there is one. */
  readonly others?: string | undefined;
}

/** Wrong values for an id in the form of a ULID. */
export function wrongIds({ own, foreign, foreignTenantId, others }: IdOrigin): readonly IdValue[] {
  const wellFormed = {
    'one that never existed': ulid(),
    'another tenant’s': foreign,
    'a twin of its own': twinOf(own),
  };
  const malformed = {
    'text that is no id': 'not-an-id',
    'its own and one more character': `${own}A`,
    'its own without the last character': own.slice(0, -1),
    'its own in lower case': own.toLowerCase(),
    'its own with a space': `${own} `,
    'its own with a #': `${own}#`,
    'its own with an encoded #': `${own}%23`,
    'its own with a null character': `${own}\u0000`,
    'another tenant’s key': `T#${foreignTenantId}#C#${foreign}`,
    'another tenant’s encoded key': `T%23${foreignTenantId}%23C%23${foreign}`,
    'a way out of its own': `../${foreignTenantId}/${foreign}`,
    'a way through its own': `${own}/../${foreign}`,
    'a name of every object': '__proto__',
  };
  return [
    ...Object.entries(wellFormed).map(([kind, value]): IdValue => ({ kind, value, form: 'well-formed' })),
    ...(others === undefined ? [] : [{ kind: 'somebody else’s', value: others, form: 'well-formed' } as const]),
    ...Object.entries(malformed).map(([kind, value]): IdValue => ({ kind, value, form: 'malformed' })),
  ];
}
