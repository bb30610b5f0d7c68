import type { BusEnvelope } from '../../contract/events/envelope.ts';

/** Partition keys of a tenant's items begin with this, the tenant's id and a `#`. */
export const tenantPrefix = 'T#';

declare const verified: unique symbol;

/** Claims of a token whose signature, expiry and session an authorizer has verified. */
export interface VerifiedClaims {
  readonly [verified]: true;
  readonly tenantId: string;
}

/** A tenant that the platform's directory lists. Only the reader of the directory creates one. */
export interface TenantDirectoryEntry {
  readonly [verified]: true;
  readonly tenantId: string;
}

/**
 * The right to use one tenant's data. All code that reads or writes such data needs a scope, and a scope comes from one
 * of the four sources below only. Code that forgets the tenant does not compile.
 */
export class TenantScope {
  readonly tenantId: string;
  // A private member makes the type nominal: an object of the same shape is not a scope.
  readonly #isScope = true;

  private constructor(tenantId: string) {
    if (!/^[0-9A-Z]{26}$/.test(tenantId)) throw new Error('A tenant id has 26 characters');
    this.tenantId = tenantId;
  }

  static fromClaims(claims: VerifiedClaims): TenantScope {
    return new TenantScope(claims.tenantId);
  }

  /** From an event of our bus, to which only our functions can publish. */
  static fromEnvelope(envelope: Pick<BusEnvelope, 'tenantId'>): TenantScope {
    return new TenantScope(envelope.tenantId);
  }

  /** From the partition key of a stream record. @returns undefined for items of the platform. */
  static fromStreamKey(partitionKey: string): TenantScope | undefined {
    if (!partitionKey.startsWith(tenantPrefix)) return undefined;
    const end = partitionKey.indexOf('#', tenantPrefix.length);
    return new TenantScope(partitionKey.slice(tenantPrefix.length, end));
  }

  /** For requests without claims: login, registration, tickets. */
  static fromDirectory(entry: TenantDirectoryEntry): TenantScope {
    return new TenantScope(entry.tenantId);
  }

  /** Prefix of the tenant's partition keys. The last `#` keeps `…A` from matching `…AB`. */
  get prefix(): string {
    return `${tenantPrefix}${this.tenantId}#`;
  }

  /** A scope in a log line or a message becomes its id. */
  toJSON(): string {
    return this.#isScope ? this.tenantId : '';
  }
}

/** Marks claims as verified. Only for the transport, with the result of our authorizer. */
export function markVerified(claims: { readonly tenantId: string }): VerifiedClaims {
  return claims as VerifiedClaims;
}

/** Marks a directory entry. Only for the tenant directory, with an entry that it has read. */
export function markDirectoryEntry(entry: { readonly tenantId: string }): TenantDirectoryEntry {
  return entry as TenantDirectoryEntry;
}
