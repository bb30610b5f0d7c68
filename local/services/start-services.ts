import type { Assembly, FaultPlan, FunctionHost, Recorder, Service, ServiceRequest } from '../contract.ts';
import type { Identities } from '../endpoint/identities.ts';
import type { WorkUnderWay } from '../endpoint/work-under-way.ts';
import type { AccessControl } from '../iam/access-control.ts';
import type { AccessOf, CallAccess } from '../iam/aws-call.ts';
import { dynamoDbAccess } from '../iam/dynamodb-access.ts';
import { withEncryption } from '../iam/encryption-access.ts';
import { kmsAccess } from '../iam/kms-access.ts';
import { eventsAccess, snsAccess, sqsAccess, stsAccess } from '../iam/message-access.ts';
import { connectionsAccess, lambdaAccess, s3Access, sesAccess } from '../iam/rest-access.ts';
import { startDynamoDb } from './dynamodb/dynamodb-service.ts';
import { startKms } from './kms/kms-service.ts';

/** What services are made from. */
export interface ServiceOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
  readonly identities: Identities;
  readonly control: AccessControl;
  /** Deliveries that no caller awaits. */
  readonly work: WorkUnderWay;
  readonly announce: (service: 'dynamodb' | 'sqs', name: string) => void;
  /** Address of the endpoint. */
  readonly url: string;
  readonly functions: () => FunctionHost | undefined;
  readonly rewrite: (value: string) => string;
}

/** The services of the account. */
export interface Services {
  readonly byPrefix: Map<string, Service>;
  readonly accessOf: (prefix: string, request: Omit<ServiceRequest, 'caller'>) => CallAccess;
  stop(): Promise<void>;
}

/** Starts all services. */
export async function startServices(options: ServiceOptions): Promise<Services> {
  const { assembly, dataDirectory } = options;
  const kms = startKms(assembly, dataDirectory);
  const dynamoDb = await startDynamoDb({
    assembly,
    dataDirectory,
    endpoint: process.env['DYNAMODB_ENDPOINT'],
    wrote: (table) => options.announce('dynamodb', table),
  });
  const identities = assembly.ofType('AWS::SES::EmailIdentity').map((identity) => identity.physicalId);
  const access: Readonly<Record<string, AccessOf>> = {
    dynamodb: withEncryption('dynamodb', dynamoDbAccess(assembly, dynamoDb.tables), assembly),
    kms: kmsAccess(assembly, (input) => kms.keyArn(input)),
    sqs: withEncryption('sqs', sqsAccess(assembly), assembly),
    sns: withEncryption('sns', snsAccess, assembly),
    s3: withEncryption('s3', s3Access, assembly),
    events: eventsAccess(assembly),
    sts: stsAccess,
    ses: sesAccess(assembly, identities),
    lambda: lambdaAccess(assembly),
    'execute-api': connectionsAccess(assembly),
  };
  return {
    byPrefix: new Map<string, Service>([
      ['dynamodb', dynamoDb.service],
      ['kms', kms.service],
    ]),
    accessOf: (prefix, request) => {
      const derive = access[prefix];
      if (derive !== undefined) return derive(request);
      const action = `${prefix}:${request.operation}`;
      return { requests: [{ action, resource: '*', lookup: () => undefined }], resource: '*' };
    },
    stop: () => dynamoDb.stop(),
  };
}
