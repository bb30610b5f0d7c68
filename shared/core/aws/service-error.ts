import type { StoredValues } from './attribute-values.ts';
import type { HttpAnswer } from './http-exchange.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * An error that a service answered. It has the form of the SDK's errors, so that code need not distinguish the two.
 * Its message omits the service's, which may quote the request.
 */
export class ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  /** The error's own members, such as `Item`. */
  readonly members: Members;

  constructor(call: string, name: string, status: number, members: Members = {}) {
    super(`${call} failed with status ${status}`);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
    this.members = members;
  }

  /** One for each operation of a cancelled transaction. */
  get CancellationReasons(): readonly CancellationReason[] {
    return (this.members['CancellationReasons'] ?? []) as readonly CancellationReason[];
  }
}

export interface CancellationReason {
  readonly Code?: string;
  /** As stored, if the condition asked for it. */
  readonly Item?: StoredValues;
}

/**
 * Names an error as the SDK does, without the prefix and the suffix that some services add.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
 */
export function serviceErrorOf(call: string, { status, headers, body }: HttpAnswer): ServiceError {
  const text = body.toString();
  const members = text.startsWith('<') ? xmlMembers(text) : jsonMembers(text);
  const header = headers['x-amzn-errortype'];
  const type = [header, members['__type'], members['code']].find((name) => typeof name === 'string');
  const name = /^(?:[^#:]*#)?([^#:]+)/.exec(type ?? '')?.[1] ?? 'UnknownError';
  return new ServiceError(call, name, status, members);
}

/** The Query protocol: `<ErrorResponse><Error><Code>…`. The logger omits members, so that none quotes a request. */
function xmlMembers(text: string): Members {
  return { code: /<Code>([^<]+)<\/Code>/.exec(text)?.[1], message: /<Message>([^<]+)<\/Message>/.exec(text)?.[1] };
}

/** A proxy or an overloaded service may answer something else. */
function jsonMembers(text: string): Members {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Members) : {};
  } catch {
    return {};
  }
}
