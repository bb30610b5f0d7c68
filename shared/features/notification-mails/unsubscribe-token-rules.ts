export type Subscriber =
  | { readonly kind: 'user'; readonly id: string }
  /** `id` is the keyed hash of the address of a guest or customer. */
  | { readonly kind: 'address'; readonly id: string };

const letters = { user: 'u', address: 'a' } as const;
const pattern = /^([0-9A-Z]{26})\.([ua])\.([A-Za-z0-9_-]{26,43})\.[A-Za-z0-9_-]{43}$/;

export interface TokenParts {
  readonly tenantId: string;
  readonly subscriber: Subscriber;
}

/** The part of a token that its signature covers. */
export function formOf(tenantId: string, { kind, id }: Subscriber): string {
  return `${tenantId}.${letters[kind]}.${id}`;
}

/** Not verified yet. @returns undefined for a text that is no token. */
export function partsOf(token: string): TokenParts | undefined {
  const [, tenantId, letter, id] = pattern.exec(token) ?? [];
  if (tenantId === undefined || id === undefined) return undefined;
  return { tenantId, subscriber: { kind: letter === 'u' ? 'user' : 'address', id } };
}
