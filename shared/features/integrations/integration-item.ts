import type { IntegrationSystem, TicketRules } from '../../contract/schemas/integration.ts';

/** A connection to a system with tickets, stored at `integrationKeys.integration`. */
export interface IntegrationItem {
  readonly integrationId: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Without secrets. */
  readonly system: IntegrationSystem;
  readonly rules: TicketRules;
  /** {@link IntegrationSecrets}, encrypted under the tenant's key. */
  readonly secrets: Uint8Array;
  /** Until then, the former inbound secret is valid, too. */
  readonly formerSecretUntil?: number;
  /** Milliseconds since the epoch, as all times. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Changes with every update, so that cached tokens of former credentials end. */
  readonly revision: number;
}

export interface IntegrationSecrets {
  /** Password, token, or client secret. */
  readonly credential?: string;
  readonly inbound: string;
  readonly formerInbound?: string;
}

/** The gate of an integration: while it is closed, the service calls the other system for one ticket only, as a probe. */
export interface Health {
  readonly closedUntil?: number;
  /** Failures since the last success. */
  readonly failures: number;
  readonly lastSuccessAt?: number;
  readonly lastErrorAt?: number;
  readonly lastError?: string;
}

export const noHealth: Health = { failures: 0 };
