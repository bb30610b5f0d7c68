import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { afterFailure, afterSuccess, afterTicketFailure, spreadOf } from './gate-rules.ts';
import type { Health, IntegrationItem } from './integration-item.ts';
import { readHealth, writeHealth } from './integration-store.ts';
import { claimed, failed, isOfSystem, postponed, released } from './link-rules.ts';
import { readLink, sealDetail, writeLink } from './link-store.ts';
import type { Failure } from './systems/answer-rules.ts';
import type { TicketSystem } from './systems/ticket-system.ts';
import type { TicketLink } from './ticket-link.ts';

const mostAttempts = 8;

/** Another turn works on the ticket, after this one was taken for dead. */
export class LostTurnError extends Error {}

/** The work on one ticket. Only one turn at a time holds it. */
export class Turn {
  readonly scope: TenantScope;
  readonly integration: IntegrationItem;
  readonly system: TicketSystem;
  #link: TicketLink;
  #health: Health;

  private constructor(parts: {
    readonly scope: TenantScope;
    readonly integration: IntegrationItem;
    readonly system: TicketSystem;
    readonly link: TicketLink;
    readonly health: Health;
  }) {
    this.scope = parts.scope;
    this.integration = parts.integration;
    this.system = parts.system;
    this.#link = parts.link;
    this.#health = parts.health;
  }

  /** @returns undefined if another turn was first. */
  static async claim(
    scope: TenantScope,
    link: TicketLink,
    parts: { readonly integration: IntegrationItem; readonly system: TicketSystem; readonly health: Health },
  ): Promise<Turn | undefined> {
    const held = await writeLink(scope, link, claimed(link, now()));
    return held && new Turn({ scope, link: held, ...parts });
  }

  get link(): TicketLink {
    return this.#link;
  }

  /** Events may change the link at the same time, so the change is applied to the link as it is stored. */
  async save(change: (link: TicketLink) => TicketLink): Promise<void> {
    const { busyUntil } = this.#link;
    let link = this.#link;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const written = await writeLink(this.scope, link, change(link));
      if (written !== undefined) {
        this.#link = written;
        return;
      }
      const current = await readLink(this.scope, link.conversationId);
      if (current === undefined || current.busyUntil !== busyUntil)
        throw new LostTurnError('Another turn has the ticket');
      link = current;
    }
    throw new Error('A ticket is changed by many writers at once');
  }

  /** Adopts a link that was written in a transaction. */
  adopt(link: TicketLink): void {
    this.#link = link;
  }

  async release(): Promise<void> {
    await this.save((link) => released(link, now()));
  }

  async postpone(until: number): Promise<void> {
    await this.save((link) => postponed(link, until));
  }

  async noteSuccess(): Promise<void> {
    const next = afterSuccess(this.#health, now());
    if (next !== undefined) await this.#writeHealth(next);
  }

  /** Ends the turn. `isSearch`: the call looked for the result of an earlier attempt. */
  async fail(failure: Failure, { isSearch = false }: { readonly isSearch?: boolean } = {}): Promise<void> {
    const at = now();
    const afterMs = failure.kind === 'later' ? failure.afterMs : undefined;
    const ofSystem = isOfSystem(failure);
    const { reason } = failure;
    await this.#writeHealth(
      ofSystem ? afterFailure(this.#health, { reason, afterMs }, at) : afterTicketFailure(this.#health, reason, at),
    );
    const detail = await sealDetail(
      this.scope,
      this.#link.conversationId,
      failure.kind === 'rejected' ? failure.detail : undefined,
    );
    const gate = this.#health.closedUntil;
    await this.save((link) => {
      const next = failed(link, { failure, isSearch, detail }, at);
      return ofSystem && gate !== undefined ? postponed(next, gate + spreadOf(link.conversationId)) : next;
    });
  }

  /** The gate of another turn that was first counts. */
  async #writeHealth(next: Health): Promise<void> {
    const { integrationId } = this.integration;
    const isWritten = await writeHealth(this.scope, integrationId, this.#health, next);
    this.#health = isWritten ? next : await readHealth(this.scope, integrationId);
  }
}
