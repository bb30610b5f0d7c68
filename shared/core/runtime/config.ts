export const environmentNames = {
  /** Also the dimension of all metrics. */
  stagePrefix: 'STAGE_PREFIX',
  tableName: 'TABLE_NAME',
  /** Without point-in-time recovery. */
  keysTableName: 'KEYS_TABLE_NAME',
  dataKeyId: 'DATA_KEY_ID',
  /** ECC_NIST_P256, separated by commas: the first one signs, all are published. */
  signingKeyIds: 'SIGNING_KEY_IDS',
  /** The function assumes it with a tenant as session tag. */
  tenantRoleArn: 'TENANT_ROLE_ARN',
  eventBusName: 'EVENT_BUS_NAME',
  /** `https://…/stage` */
  socketEndpoint: 'SOCKET_ENDPOINT',
  /** Without a trailing slash. Also the issuer of tokens. */
  publicUrl: 'PUBLIC_URL',
  mailFrom: 'MAIL_FROM',
  mailConfigurationSet: 'MAIL_CONFIGURATION_SET',
  /** `arn:…:app`, before the platform and the name of each platform application. */
  pushApplicationsArn: 'PUSH_APPLICATIONS_ARN',
  /** The distribution sends it as `x-origin-key`. */
  originKey: 'ORIGIN_KEY',
  /** `true` if the APIs require the distribution's key. */
  onlyThroughDistribution: 'ONLY_THROUGH_DISTRIBUTION',
  filesBucketName: 'FILES_BUCKET_NAME',
  filesKeyId: 'FILES_KEY_ID',
  recordsBucketName: 'RECORDS_BUCKET_NAME',
  /** ECC_NIST_P256. */
  recordsKeyId: 'RECORDS_KEY_ID',
  timersQueueUrl: 'TIMERS_QUEUE_URL',
  /** Of the wake-ups of lanes. */
  lanesQueueUrl: 'LANES_QUEUE_URL',
  timersQueueArn: 'TIMERS_QUEUE_ARN',
  timersDeadLetterArn: 'TIMERS_DEAD_LETTER_ARN',
  timersGroupName: 'TIMERS_GROUP_NAME',
  /** EventBridge Scheduler assumes it to send to the queue. */
  timersRoleArn: 'TIMERS_ROLE_ARN',
} as const;

export type EnvironmentName = keyof typeof environmentNames;

/** Undefined if an item is empty. */
function completeList(text: string | undefined): [string, ...string[]] | undefined {
  const items = text?.split(',');
  return items?.every((item) => item !== '') ? (items as [string, ...string[]]) : undefined;
}

const read = {
  stagePrefix: (text = 'none') => text,
  signingKeyIds: (text?: string) => completeList(text),
  publicUrl: (text?: string) => text?.replace(/\/$/, ''),
  onlyThroughDistribution: (text?: string) => text === 'true',
};

type Config = {
  readonly [Name in EnvironmentName]: Name extends keyof typeof read
    ? NonNullable<ReturnType<(typeof read)[Name]>>
    : string;
};

/** @throws Error that names a missing or incomplete variable. */
function present<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} is missing: this function's stack must set it`);
  }
  return value;
}

const variables = Object.fromEntries(
  Object.entries(environmentNames).map(([property, name]) => [
    property,
    {
      get(): unknown {
        const text = process.env[name];
        return present(name, property in read ? read[property as keyof typeof read](text) : text);
      },
    },
  ]),
);

/** The only reader of `process.env`. The first use of a missing variable throws an error. */
export const config = Object.defineProperties(
  {
    /**
     * Lambda sets them once for each environment.
     * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
     */
    get ownCredentials() {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: sessionToken } = process.env;
      return {
        accessKeyId: present('AWS_ACCESS_KEY_ID', AWS_ACCESS_KEY_ID),
        secretAccessKey: present('AWS_SECRET_ACCESS_KEY', AWS_SECRET_ACCESS_KEY),
        ...(sessionToken === undefined ? {} : { sessionToken }),
      };
    },
    get functionName() {
      return process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'none';
    },
    get region() {
      return present('AWS_REGION', process.env['AWS_REGION']);
    },
    /** Lambda sets it for each invocation. Undefined outside of Lambda. */
    get traceId() {
      return process.env['AWS_LAMBDA_FUNCTION_NAME'] === undefined ? undefined : process.env['_X_AMZN_TRACE_ID'];
    },
    /** Servers of the local run that replace public hosts, in JSON. Undefined on AWS. */
    get farSides() {
      return process.env['FAR_SIDES'];
    },
    /** @returns undefined if the environment replaces no endpoint of the service. */
    endpointUrl(service: string): string | undefined {
      return process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env['AWS_ENDPOINT_URL'];
    },
  },
  variables,
) as Config & {
  readonly ownCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string; sessionToken?: string };
  readonly functionName: string;
  readonly region: string;
  readonly traceId: string | undefined;
  readonly farSides: string | undefined;
  endpointUrl(service: string): string | undefined;
};

/**
 * An API sees only the distribution's address. Trust `address` only together with `key`, because callers can send any
 * header.
 */
export const edgeHeaders = { address: 'x-viewer-address', key: 'x-origin-key' } as const;
