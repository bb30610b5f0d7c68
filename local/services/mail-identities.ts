import type { Assembly } from '../contract.ts';

export interface MailIdentities {
  /** Only verified addresses receive mail. */
  readonly isSandbox: boolean;
  /** Without identities, any sender is accepted. */
  readonly isOpen: boolean;
  /** The most specific: the address, its domain or a parent domain. */
  covering(address: string): string | undefined;
  configurationSetOf(identity: string): string | undefined;
}

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

export function recipientsOf(input: Readonly<Record<string, unknown>>): string[] {
  const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  return Object.values(destination).flat().map(mailAddress);
}
