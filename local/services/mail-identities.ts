import type { Assembly } from '../contract.ts';

export interface MailIdentities {
  /** True if the account may send to verified addresses only. */
  readonly isSandbox: boolean;
  /** True if the template has no identities, so that any sender is accepted. */
  readonly isOpen: boolean;
  /** Returns the most specific identity that covers an address: the address, its domain or a parent domain. */
  covering(address: string): string | undefined;
  configurationSetOf(identity: string): string | undefined;
}

/** Identities of the template and of the simulated sandbox. */
export function mailIdentities(
  assembly: Assembly,
  sandbox: { readonly verified: readonly string[] } | undefined,
): MailIdentities {
  const ofTemplate = assembly.ofType('AWS::SES::EmailIdentity');
  const names = [...ofTemplate.map(({ physicalId }) => physicalId), ...(sandbox?.verified ?? [])];
  const longestFirst = names.sort((left, right) => right.length - left.length);
  return {
    isSandbox: sandbox !== undefined,
    isOpen: names.length === 0,
    covering: (address) => {
      const domain = address.slice(address.lastIndexOf('@') + 1);
      return longestFirst.find((name) => name === address || name === domain || domain.endsWith(`.${name}`));
    },
    configurationSetOf: (identity) => {
      const properties = ofTemplate.find(({ physicalId }) => physicalId === identity)?.properties;
      const attributes = properties?.['ConfigurationSetAttributes'] as { ConfigurationSetName?: string } | undefined;
      return attributes?.ConfigurationSetName;
    },
  };
}

/** The bare address of `Name <address>`. */
export function mailAddress(text: string): string {
  return /<([^>]+)>/.exec(text)?.[1] ?? text;
}

/** The bare addresses of a mail's recipients. */
export function recipientsOf(input: Readonly<Record<string, unknown>>): string[] {
  const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  return Object.values(destination).flat().map(mailAddress);
}
