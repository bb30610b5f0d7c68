import type { BusEnvelope } from '../../contract/events/envelope.ts';

/** Partition keys of a tenant's items begin with this, the tenant's id and a `#`. */
export const tenantPrefix = 'T#';

declare const verified: unique symbol;

/** Claims of a token whose signature, time and session were checked by an authorizer. */
export interface VerifiedClaims {
  readonly [verified]: true;
  readonly tenantId: string;
}

/** A tenant as the platform's directory has it. Only the directory's reader makes one. */
export interface TenantDirectoryEntry {
  readonly [verified]: true;
  readonly tenantId: string;
}

/**
 * The right to work on one tenant's data. Everything that reads or writes such data takes a scope, and a scope comes
 * only from one of the four sources below: code that forgets the tenant does not compile.
 */
export class TenantScope {
  readonly tenantId: string;
  // A private member makes the type nominal: an object of the same shape is not a scope.
  readonly #made = true;

  private constructor(tenantId: string) {
    if (!/^[0-9A-Z]{26}$/.test(tenantId)) throw new Error('A tenant id has 26 characters');
    this.tenantId = tenantId;
  }

  static fromClaims(claims: VerifiedClaims): TenantScope {
    return new TenantScope(claims.tenantId);
  }

  /** From an event of our own bus, which only our own functions can publish to. */
  static fromEnvelope(envelope: Pick<BusEnvelope, 'tenantId'>): TenantScope {
    return new TenantScope(envelope.tenantId);
  }

  /** From the partition key of a stream record of the table; nothing for items that belong to no tenant. */
  static fromStreamKey(partitionKey: string): TenantScope | undefined {
    if (!partitionKey.startsWith(tenantPrefix)) return undefined;
    const end = partitionKey.indexOf('#', tenantPrefix.length);
    return new TenantScope(partitionKey.slice(tenantPrefix.length, end));
  }

  /** For requests that come before there are claims: login, registration, tickets. */
  static fromDirectory(entry: TenantDirectoryEntry): TenantScope {
    return new TenantScope(entry.tenantId);
  }

  /** What every partition key of the tenant begins with. The last `#` keeps `…A` from matching `…AB`. */
  get prefix(): string {
    return `${tenantPrefix}${this.tenantId}#`;
  }

  /** Never print more than the id, whatever prints it. */
  toJSON(): string {
    return this.#made ? this.tenantId : '';
  }
}

/** Marks claims as verified. Called by the handler stacks only, with what an authorizer of ours returned. */
export function markVerified(claims: { readonly tenantId: string }): VerifiedClaims {
  return claims as VerifiedClaims;
}

/** Marks a directory entry. Called by the tenant directory only, with what it read. */
export function markDirectoryEntry(entry: { readonly tenantId: string }): TenantDirectoryEntry {
  return entry as TenantDirectoryEntry;
}
