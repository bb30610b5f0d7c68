import type { Assembly, Resource } from '../contract.ts';
import type { AccessOf, CallAccess } from './aws-call.ts';
import type { AccessRequest } from './policies.ts';

/**
 * Services use the key on behalf of the caller (`kms:ViaService`).
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function withEncryption(service: string, access: AccessOf, assembly: Assembly): AccessOf {
  const keys = encryptionKeys(assembly);
  const actions = keyActions[service];
  if (keys.size === 0 || actions === undefined) return access;
  return (call) => {
    const base = access(call);
    const wanted = actions(call.operation);
    if (wanted.length === 0) return base;
    return { ...base, requests: [...base.requests, ...keyRequests(service, base, wanted, keys, assembly.region)] };
  };
}

/** By the ARN of the encrypted resource. */
export function encryptionKeys(assembly: Assembly): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const resource of assembly.resources) {
    const named = keyPropertyOf(resource);
    if (typeof named !== 'string' || resource.arn === undefined) continue;
    const arn = keyArn(assembly, named);
    if (arn !== undefined) result.set(resource.arn, arn);
  }
  return result;
}

type Properties = Readonly<Record<string, unknown>> & {
  readonly SSESpecification?: { readonly KMSMasterKeyId?: unknown };
  readonly Replicas?: readonly { readonly SSESpecification?: { readonly KMSMasterKeyId?: unknown } }[];
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: readonly {
      readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: unknown };
    }[];
  };
};

function keyPropertyOf({ type, properties }: Resource): unknown {
  const given = properties as Properties;
  switch (type) {
    case 'AWS::DynamoDB::Table':
      return given.SSESpecification?.KMSMasterKeyId;
    case 'AWS::DynamoDB::GlobalTable':
      return given.Replicas?.[0]?.SSESpecification?.KMSMasterKeyId;
    case 'AWS::SQS::Queue':
    case 'AWS::SNS::Topic':
      return given['KmsMasterKeyId'];
    case 'AWS::S3::Bucket':
      return given.BucketEncryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault
        ?.KMSMasterKeyID;
    default:
      return undefined;
  }
}

/** Accepts an id, ARN or alias. */
export function keyArn(assembly: Assembly, named: string): string | undefined {
  if (named.includes('alias/')) {
    const name = named.slice(named.indexOf('alias/'));
    const alias = assembly.ofType('AWS::KMS::Alias').find((resource) => resource.physicalId === name);
    return alias === undefined ? undefined : keyArn(assembly, String(alias.properties['TargetKeyId']));
  }
  const id = named.split(':key/').at(-1);
  return assembly.ofType('AWS::KMS::Key').find((key) => key.physicalId === id)?.arn;
}

const decrypt = ['kms:Decrypt'];
const generateAndDecrypt = ['kms:GenerateDataKey', 'kms:Decrypt'];
const nothing: readonly string[] = [];

const keyActions: Readonly<Record<string, (operation: string) => readonly string[]>> = {
  dynamodb: (operation) => (dataOperations.has(operation) ? decrypt : nothing),
  sqs: (operation) => {
    if (operation.startsWith('SendMessage')) return generateAndDecrypt;
    return operation === 'ReceiveMessage' ? decrypt : nothing;
  },
  sns: (operation) => (operation.startsWith('Publish') ? generateAndDecrypt : nothing),
};

const dataOperations = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'ExecuteStatement',
  'GetItem',
  'GetRecords',
  'PutItem',
  'Query',
  'Scan',
  'TransactGetItems',
  'TransactWriteItems',
  'UpdateItem',
]);

function keyRequests(
  service: string,
  base: CallAccess,
  actions: readonly string[],
  keys: ReadonlyMap<string, string>,
  region: string,
): AccessRequest[] {
  const requests: AccessRequest[] = [];
  const owners = new Set(base.requests.map((request) => ownerOf(request.resource)));
  for (const owner of owners) {
    const key = keys.get(owner);
    if (key === undefined) continue;
    const via = `${service}.${region}.amazonaws.com`;
    const name = owner.slice(owner.lastIndexOf('/') + 1);
    const lookup = (wanted: string): string | undefined => {
      if (wanted === 'kms:viaservice') return via;
      if (wanted === 'kms:encryptioncontext:aws:dynamodb:tablename' && service === 'dynamodb') return name;
      return undefined;
    };
    for (const action of actions) requests.push({ action, resource: key, lookup });
  }
  return requests;
}

/** The table of an index or a stream. */
function ownerOf(resource: string): string {
  return resource.replace(/\/(?:index|stream)\/.*$/, '');
}
