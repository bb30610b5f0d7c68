import type { IntegrationAuth, IntegrationSystem } from '../../contract/schemas/integration.ts';
import type { Credentials } from './systems/session.ts';

const secretMembers = ['password', 'token', 'value', 'clientSecret'] as const;

export function secretOf(auth: IntegrationAuth): string | undefined {
  const members: Readonly<Record<string, unknown>> = auth;
  const secret = secretMembers.map((name) => members[name]).find((value) => value !== undefined);
  return typeof secret === 'string' ? secret : undefined;
}

/** The system as it is stored and returned. */
export function withoutSecrets<System extends IntegrationSystem>(system: System): System {
  const entries = Object.entries(system.auth).filter(([name]) => !(secretMembers as readonly string[]).includes(name));
  return { ...system, auth: Object.fromEntries(entries) as IntegrationAuth };
}

/** Whether a stored secret still fits: type and name of the account are the same. */
export function isSameAccount(one: IntegrationAuth, other: IntegrationAuth): boolean {
  return one.type === other.type && nameOf(one) === nameOf(other);
}

function nameOf(auth: IntegrationAuth): string {
  switch (auth.type) {
    case 'basic':
      return auth.username;
    case 'header':
      return auth.name;
    case 'oauth':
      // Another address would get the secret.
      return `${auth.clientId} ${auth.tokenUrl}`;
    default:
      return '';
  }
}

export function needsSecret(auth: IntegrationAuth): boolean {
  return auth.type !== 'none';
}

export function credentialsOf(auth: IntegrationAuth, secret: string): Credentials {
  switch (auth.type) {
    case 'none':
      return { type: 'none' };
    case 'basic':
      return { type: 'basic', username: auth.username, password: secret };
    case 'bearer':
      return { type: 'bearer', token: secret };
    case 'header':
      return { type: 'header', name: auth.name, value: secret };
    case 'oauth': {
      const { tokenUrl, clientId, scope } = auth;
      return { type: 'oauth', tokenUrl, clientId, clientSecret: secret, scope };
    }
  }
}
