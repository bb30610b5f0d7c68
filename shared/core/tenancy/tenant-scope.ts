import type { BusEnvelope } from '../../contract/events/envelope.ts';

export const tenantPrefix = 'T#';

declare const verified: unique symbol;

/** An authorizer has verified signature, expiry and session. */
export interface VerifiedClaims {
  readonly [verified]: true;
  readonly tenantId: string;
}

export interface TenantDirectoryEntry {
  readonly [verified]: true;
  readonly tenantId: string;
}

/** The right to use one tenant's data. It comes from one of the six sources below only. */
export class TenantScope {
  readonly tenantId: string;
  // A private member makes the type nominal.
  readonly #isScope = true;

  private constructor(tenantId: string) {
    if (!/^[0-9A-Z]{26}$/.test(tenantId)) throw new Error('A tenant id has 26 characters');
    this.tenantId = tenantId;
  }

  static fromClaims(claims: VerifiedClaims): TenantScope {
    return new TenantScope(claims.tenantId);
  }

  /** Only our functions can publish to the bus. */
  static fromEnvelope(envelope: Pick<BusEnvelope, 'tenantId'>): TenantScope {
    return new TenantScope(envelope.tenantId);
  }

  /** Only our functions and schedules can send to the queue of timers. */
  static fromWakeUp(wakeUp: { readonly tenantId: string }): TenantScope {
    return new TenantScope(wakeUp.tenantId);
  }

  /** Only our functions can send mails with the configuration set whose events reach the queue. */
  static fromMailTags(tags: { readonly tenantId: string }): TenantScope {
    return new TenantScope(tags.tenantId);
  }

  /** @returns undefined for items of the platform. */
  static fromStreamKey(partitionKey: string): TenantScope | undefined {
    if (!partitionKey.startsWith(tenantPrefix)) return undefined;
    const end = partitionKey.indexOf('#', tenantPrefix.length);
    return new TenantScope(partitionKey.slice(tenantPrefix.length, end));
  }

  /** For requests without claims: login, registration, tickets. */
  static fromDirectory(entry: TenantDirectoryEntry): TenantScope {
    return new TenantScope(entry.tenantId);
  }

  /** The last `#` keeps `…A` from matching `…AB`. */
  get prefix(): string {
    return `${tenantPrefix}${this.tenantId}#`;
  }

  toJSON(): string {
    return this.#isScope ? this.tenantId : '';
  }
}

/** Only for the transport, with the result of our authorizer. */
export function markVerified(claims: { readonly tenantId: string }): VerifiedClaims {
  return claims as VerifiedClaims;
}

/** Only for the tenant directory. */
export function markDirectoryEntry(entry: { readonly tenantId: string }): TenantDirectoryEntry {
  return entry as TenantDirectoryEntry;
}
