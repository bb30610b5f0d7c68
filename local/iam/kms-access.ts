import type { AccessOf, CallToJudge, Surroundings } from './aws-call.ts';
import { singleAction } from './aws-call.ts';
import type { Lookup } from './patterns.ts';
import { textOf } from '../text-of.ts';

export type KeyArnOf = (input: Readonly<Record<string, unknown>>) => string | undefined;

const withoutKey = new Set(['CreateKey', 'ListAliases', 'ListKeys']);

/**
 * The resource is the key, even for an alias.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export function kmsAccess(surroundings: Surroundings, keyArnOf: KeyArnOf): AccessOf {
  const arnOf = (input: Readonly<Record<string, unknown>>): string =>
    keyArnOf(input) ??
    `arn:aws:kms:${surroundings.region}:${surroundings.accountId}:key/${textOf(input['KeyId'], 'unknown')}`;
  return (call) => {
    const { operation, input } = call;
    if (withoutKey.has(operation)) return singleAction(`kms:${operation}`, '*');
    return singleAction(`kms:${operation}`, arnOf(input), kmsLookup(call));
  };
}

const contextPrefix = 'kms:encryptioncontext:';

function kmsLookup({ input }: CallToJudge): Lookup {
  const context = (input['EncryptionContext'] ?? {}) as Readonly<Record<string, string>>;
  return (key) => {
    if (key.startsWith(contextPrefix)) {
      const name = key.slice(contextPrefix.length);
      return context[name] ?? Object.entries(context).find(([entry]) => entry.toLowerCase() === name)?.[1];
    }
    switch (key) {
      case 'kms:encryptioncontextkeys': {
        const names = Object.keys(context);
        return names.length === 0 ? undefined : names;
      }
      case 'kms:requestalias': {
        const id = textOf(input['KeyId']);
        const at = id.indexOf('alias/');
        return at < 0 ? undefined : id.slice(at);
      }
      case 'kms:signingalgorithm':
        return text(input['SigningAlgorithm']);
      case 'kms:messagetype':
        return text(input['MessageType']) ?? 'RAW';
      case 'kms:encryptionalgorithm':
        return text(input['EncryptionAlgorithm']) ?? 'SYMMETRIC_DEFAULT';
      case 'kms:keyspec':
        return text(input['KeySpec']);
      default:
        return undefined;
    }
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
