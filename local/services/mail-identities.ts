import type { Assembly } from '../contract.ts';

/** The verified senders of the account. */
export interface MailIdentities {
  /** True if the account may send only to verified addresses. */
  readonly isSandbox: boolean;
  /** True if the template leaves verification to its deployer, so that any sender passes. */
  readonly isOpen: boolean;
  /** The longest identity that covers an address: its own, its domain's or that of a domain above. */
  covering(address: string): string | undefined;
  /** The default configuration set of an identity. */
  configurationSetOf(identity: string): string | undefined;
}

/** Identities of the template and of the simulated sandbox. */
export function mailIdentities(
  assembly: Assembly,
  sandbox: { readonly verified: readonly string[] } | undefined,
): MailIdentities {
  const ofTemplate = assembly.ofType('AWS::SES::EmailIdentity');
  const names = [...ofTemplate.map(({ physicalId }) => physicalId), ...(sandbox?.verified ?? [])];
  const longestFirst = names.sort((one, other) => other.length - one.length);
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

/** The bare addresses that a mail goes to. */
export function recipientsOf(input: Readonly<Record<string, unknown>>): string[] {
  const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  return Object.values(destination).flat().map(mailAddress);
}
