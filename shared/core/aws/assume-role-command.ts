import { QueryOperation, textIn } from './query-operation.ts';

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** A member that STS did not return is undefined. */
interface IssuedCredentials {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
  readonly Expiration: Date | undefined;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export class AssumeRoleCommand extends QueryOperation<{ readonly Credentials: IssuedCredentials }> {
  constructor({ Tags: tags, DurationSeconds, ...names }: AssumeRoleInput) {
    const fields: Record<string, string> = { ...names, DurationSeconds: String(DurationSeconds) };
    for (const [index, { Key, Value }] of tags.entries()) {
      fields[`Tags.member.${index + 1}.Key`] = Key;
      fields[`Tags.member.${index + 1}.Value`] = Value;
    }
    super('sts', { name: 'AssumeRole', version: '2011-06-15', fields }, (xml) => ({
      Credentials: credentialsIn(xml),
    }));
  }
}

function credentialsIn(xml: string): IssuedCredentials {
  const expiration = new Date(textIn(xml, 'Expiration') ?? '');
  return {
    AccessKeyId: textIn(xml, 'AccessKeyId'),
    SecretAccessKey: textIn(xml, 'SecretAccessKey'),
    SessionToken: textIn(xml, 'SessionToken'),
    Expiration: Number.isNaN(expiration.getTime()) ? undefined : expiration,
  };
}
