import { createHmac, randomBytes } from 'node:crypto';
import type { Caller, FunctionHost } from '../contract.ts';
import type { Identity } from '../iam/access-control.ts';
import type { Policy } from '../iam/policies.ts';
import type { RunClock } from '../run-clock.ts';

export type Signer =
  | { readonly kind: 'owner' }
  | {
      readonly kind: 'function';
      readonly caller: Caller;
      readonly identity: Identity;
      /** The environment's own key, also for assumed roles. */
      readonly environmentKeyId: string;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' };

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

interface Session {
  readonly environmentKeyId: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sessionTags: Readonly<Record<string, string>>;
  readonly sessionPolicy: Policy | undefined;
  readonly expiresAt: number;
}

const owner: Caller = { functionName: 'owner', environmentId: 'owner', roleArn: '' };

export class Identities {
  /** New in each run. */
  readonly ownerKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  readonly #secret = randomBytes(32);
  readonly #sessions = new Map<string, Session>();
  readonly #clock: RunClock;
  #functions: FunctionHost | undefined;

  constructor(clock: RunClock) {
    this.#clock = clock;
  }

  setFunctions(functions: FunctionHost): void {
    this.#functions = functions;
  }

  /** Derives the secret, so that none is stored. */
  secretAccessKey(accessKeyId: string): string {
    return createHmac('sha256', this.#secret).update(accessKeyId).digest('base64url').slice(0, 40);
  }

  /** Undefined for keys that are not temporary. */
  sessionToken(accessKeyId: string): string | undefined {
    if (!accessKeyId.startsWith('ASIA')) return undefined;
    return createHmac('sha256', this.#secret).update(`token ${accessKeyId}`).digest('base64url');
  }

  find(accessKeyId: string | undefined): Signer {
    if (accessKeyId === undefined) return { kind: 'unknown' };
    if (accessKeyId === this.ownerKeyId) return { kind: 'owner' };
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined && session.expiresAt < this.#clock.now()) return { kind: 'expired' };
    const environmentKeyId = session?.environmentKeyId ?? accessKeyId;
    const caller = environmentKeyId === this.ownerKeyId ? owner : this.#functions?.caller(environmentKeyId);
    if (caller === undefined) return { kind: 'unknown' };
    if (session === undefined) {
      const identity = { roleArn: caller.roleArn, sessionName: caller.functionName };
      return { kind: 'function', caller, identity, environmentKeyId };
    }
    const { roleArn, sessionName, sessionTags, sessionPolicy } = session;
    return {
      kind: 'function',
      caller: { ...caller, roleArn, sessionTags },
      identity: { roleArn, sessionName, sessionTags, ...(sessionPolicy === undefined ? {} : { sessionPolicy }) },
      environmentKeyId,
    };
  }

  assume(session: Omit<Session, 'expiresAt'>, seconds: number): TemporaryCredentials {
    this.#forgetExpired();
    const accessKeyId = `ASIA${randomBytes(12).toString('hex').toUpperCase().slice(0, 16)}`;
    const expiresAt = this.#clock.now() + seconds * 1000;
    this.#sessions.set(accessKeyId, { ...session, expiresAt });
    return {
      accessKeyId,
      secretAccessKey: this.secretAccessKey(accessKeyId),
      sessionToken: this.sessionToken(accessKeyId) ?? '',
      expiresAt: new Date(expiresAt),
    };
  }

  /** Also for keys of assumed roles. */
  environmentKeyOf(accessKeyId: string): string {
    return this.#sessions.get(accessKeyId)?.environmentKeyId ?? accessKeyId;
  }

  kill(environmentKeyId: string, reason: string): void {
    this.#functions?.kill(environmentKeyId, reason);
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    // In order of creation; most sessions last equally long.
    for (const [accessKeyId, session] of this.#sessions) {
      if (session.expiresAt > now - 3_600_000) break;
      this.#sessions.delete(accessKeyId);
    }
  }
}
