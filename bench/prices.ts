/** US dollars, without free tiers and volume discounts. Update the date with each price. */

export const pricesAt = { region: 'us-east-1', date: '2026-10-07' } as const;

export type Charge = keyof typeof prices;

interface Price {
  readonly unit: string;
  readonly perMillion: number;
  readonly source: string;
  readonly assumed?: true;
}

const apiGateway = 'https://aws.amazon.com/api-gateway/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const table = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

export const prices = {
  socketMessages: { unit: 'frame in or out, in units of 32 KB', perMillion: 1, source: apiGateway },
  httpRequests: { unit: 'request, in units of 512 KB', perMillion: 1, source: apiGateway },
  invocations: { unit: 'invocation', perMillion: 0.2, source: lambda },
  gibSeconds: { unit: 'GB-second, arm64', perMillion: 13.3334, source: lambda },
  writeUnits: { unit: 'write request unit', perMillion: 0.625, source: table },
  readUnits: { unit: 'read request unit', perMillion: 0.125, source: table },
  /** `GetRecords` by a Lambda trigger is free. Other readers pay $0.20. */
  streamReads: {
    unit: 'read of the stream by a function’s trigger',
    perMillion: 0,
    source: table,
    assumed: true,
  },
  busEvents: {
    unit: 'custom event, in units of 64 KB',
    perMillion: 1,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
    assumed: true,
  },
  queueRequests: {
    unit: 'request to a standard queue, in units of 64 KB',
    perMillion: 0.4,
    source: 'https://aws.amazon.com/sqs/pricing/',
    assumed: true,
  },
  keyRequests: { unit: 'request with a symmetric key', perMillion: 3, source: 'https://aws.amazon.com/kms/pricing/' },
  signatures: {
    unit: 'request with an elliptic-curve key',
    perMillion: 15,
    source: 'https://aws.amazon.com/kms/pricing/',
    assumed: true,
  },
  sessionRequests: {
    unit: 'request for a session',
    perMillion: 0,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    assumed: true,
  },
} as const satisfies Record<string, Price>;

/** Costs of messages exclude these charges for open connections. */
export const standingPrices = {
  connectionMinutes: { unit: 'minute of a connection', perMillion: 0.25, source: apiGateway },
  logBytes: { unit: 'byte of logs', perMillion: 0.0005, source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  edgeRequests: {
    unit: 'request to the distribution, with its function',
    perMillion: 1.1,
    source: 'https://aws.amazon.com/cloudfront/pricing/',
    assumed: true,
  },
} as const satisfies Record<string, Price>;
