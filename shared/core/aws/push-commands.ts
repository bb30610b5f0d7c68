import { entriesIn, QueryOperation, textIn } from './query-operation.ts';

/** https://docs.aws.amazon.com/sns/latest/api/Welcome.html */
const version = '2010-03-31';

class PushOperation<Output> extends QueryOperation<Output> {
  constructor(name: string, fields: Readonly<Record<string, string>>, read: (xml: string) => Output) {
    super('sns', { name, version, fields }, read);
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformEndpoint.html */
export class CreatePlatformEndpointCommand extends PushOperation<{ readonly EndpointArn: string }> {
  constructor(input: {
    readonly PlatformApplicationArn: string;
    readonly Token: string;
    readonly CustomUserData: string;
  }) {
    super('CreatePlatformEndpoint', input, (xml) => {
      const arn = textIn(xml, 'EndpointArn');
      if (arn === undefined) throw new Error('SNS returned no endpoint');
      return { EndpointArn: arn };
    });
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetEndpointAttributes.html */
export class GetEndpointAttributesCommand extends PushOperation<ReadonlyMap<string, string>> {
  constructor(input: { readonly EndpointArn: string }) {
    super('GetEndpointAttributes', input, entriesIn);
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_SetEndpointAttributes.html */
export class SetEndpointAttributesCommand extends PushOperation<undefined> {
  constructor({
    EndpointArn,
    Attributes,
  }: {
    readonly EndpointArn: string;
    readonly Attributes: Readonly<Record<string, string>>;
  }) {
    const fields: Record<string, string> = { EndpointArn };
    for (const [index, [key, value]] of Object.entries(Attributes).entries()) {
      fields[`Attributes.entry.${index + 1}.key`] = key;
      fields[`Attributes.entry.${index + 1}.value`] = value;
    }
    super('SetEndpointAttributes', fields, () => undefined);
  }
}

/** Succeeds without an endpoint. https://docs.aws.amazon.com/sns/latest/api/API_DeleteEndpoint.html */
export class DeleteEndpointCommand extends PushOperation<undefined> {
  constructor(input: { readonly EndpointArn: string }) {
    super('DeleteEndpoint', input, () => undefined);
  }
}

interface PublishInput {
  readonly TargetArn: string;
  /** With one text for each platform, and `default`. */
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, string>>;
}

/** To one endpoint, in the structure `json`. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export class PublishCommand extends PushOperation<undefined> {
  constructor({ MessageAttributes, ...names }: PublishInput) {
    const fields: Record<string, string> = { ...names, MessageStructure: 'json' };
    for (const [index, [name, value]] of Object.entries(MessageAttributes).entries()) {
      const prefix = `MessageAttributes.entry.${index + 1}`;
      fields[`${prefix}.Name`] = name;
      fields[`${prefix}.Value.DataType`] = 'String';
      fields[`${prefix}.Value.StringValue`] = value;
    }
    super('Publish', fields, () => undefined);
  }
}
