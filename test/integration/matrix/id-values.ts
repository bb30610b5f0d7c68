import { ulid } from 'ulid';

export interface IdValue {
  readonly kind: string;
  readonly value: string;
  /** A `malformed` id is rejected before the service reads anything. */
  readonly form: 'well-formed' | 'malformed';
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Changes the last character. */
function twinOf(id: string): string {
  const last = alphabet.indexOf(id.slice(-1));
  return id.slice(0, -1) + alphabet[(last + 1) % alphabet.length];
}

export interface IdOrigin {
  readonly own: string;
  readonly foreign: string;
  readonly foreignTenantId: string;
  readonly others?: string | undefined;
}

export function wrongIds({ own, foreign, foreignTenantId, others }: IdOrigin): readonly IdValue[] {
  const wellFormed = {
    'an id that never existed': ulid(),
    'another tenant’s': foreign,
    'a twin of its own': twinOf(own),
  };
  const malformed = {
    'text that is not an id': 'not-an-id',
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
    'a member of every object': '__proto__',
  };
  return [
    ...Object.entries(wellFormed).map(([kind, value]): IdValue => ({ kind, value, form: 'well-formed' })),
    ...(others === undefined ? [] : [{ kind: 'another user’s', value: others, form: 'well-formed' } as const]),
    ...Object.entries(malformed).map(([kind, value]): IdValue => ({ kind, value, form: 'malformed' })),
  ];
}
