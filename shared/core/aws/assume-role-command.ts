import { AwsOperation } from './aws-operation.ts';

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

/**
 * STS has the Query protocol: a form, answered in XML.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class AssumeRoleCommand extends AwsOperation<{ readonly Credentials: IssuedCredentials }> {
  constructor({ Tags: tags, DurationSeconds, ...names }: AssumeRoleInput) {
    const form = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', ...names });
    form.set('DurationSeconds', String(DurationSeconds));
    for (const [index, { Key, Value }] of tags.entries()) {
      form.set(`Tags.member.${index + 1}.Key`, Key);
      form.set(`Tags.member.${index + 1}.Value`, Value);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    super('sts', 'AssumeRole', { method: 'POST', path: '/', headers, body: form.toString() }, (answer) => ({
      Credentials: credentialsIn(answer.toString()),
    }));
  }
}

function credentialsIn(xml: string): IssuedCredentials {
  const expiration = new Date(textOf(xml, 'Expiration') ?? '');
  return {
    AccessKeyId: textOf(xml, 'AccessKeyId'),
    SecretAccessKey: textOf(xml, 'SecretAccessKey'),
    SessionToken: textOf(xml, 'SessionToken'),
    Expiration: Number.isNaN(expiration.getTime()) ? undefined : expiration,
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

/** None of the elements has attributes or elements. */
function textOf(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml) ?? [];
  return text?.trim().replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hexadecimal, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hexadecimal !== undefined) return String.fromCodePoint(parseInt(String(hexadecimal), 16));
    return entities[String(name)] ?? String(entity);
  });
}
