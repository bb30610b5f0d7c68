/** The variables of the functions' environments, by the property of {@link config} that reads each. */
export const environmentNames = {
  /** Prefix of the stage's resource names, such as `switchboard-prod`, and dimension of all metrics. */
  stagePrefix: 'STAGE_PREFIX',
  /** Name of the table of everything except data keys. */
  tableName: 'TABLE_NAME',
  /** Name of the table of wrapped data keys. It has no point-in-time recovery, so that destroying a key is final. */
  keysTableName: 'KEYS_TABLE_NAME',
  /** KMS key that wraps the tenants' data keys. */
  dataKeyId: 'DATA_KEY_ID',
  /** KMS keys (ECC_NIST_P256) of access tokens, separated by commas: the first one signs, all are published. */
  signingKeyIds: 'SIGNING_KEY_IDS',
  /** The role that this function assumes, with a tenant as session tag, to work on that tenant's data. */
  tenantRoleArn: 'TENANT_ROLE_ARN',
  eventBusName: 'EVENT_BUS_NAME',
  /** `https://…/stage` of the WebSocket API's management interface. */
  socketEndpoint: 'SOCKET_ENDPOINT',
  /** Public address of the service without a trailing slash. It is also the issuer of tokens. */
  publicUrl: 'PUBLIC_URL',
  /** Sender address of mails. */
  mailFrom: 'MAIL_FROM',
  /** Secret that the distribution sends as `x-origin-key`. A request without it bypassed the distribution. */
  originKey: 'ORIGIN_KEY',
  /** `true` if the APIs reject requests without the distribution's key. */
  onlyThroughDistribution: 'ONLY_THROUGH_DISTRIBUTION',
  /** Bucket of attachments. */
  filesBucketName: 'FILES_BUCKET_NAME',
  /** KMS key that attachments are encrypted with. */
  filesKeyId: 'FILES_KEY_ID',
  /** Bucket of signed records, which no function can change or delete. */
  recordsBucketName: 'RECORDS_BUCKET_NAME',
  /** KMS key (ECC_NIST_P256) that signs records. */
  recordsKeyId: 'RECORDS_KEY_ID',
} as const;

export type EnvironmentName = keyof typeof environmentNames;

/** Splits a list at its commas. Returns undefined if an item is empty. */
function completeList(text: string | undefined): [string, ...string[]] | undefined {
  const items = text?.split(',');
  return items?.every((item) => item !== '') ? (items as [string, ...string[]]) : undefined;
}

/** The parsers of variables that are converted or have a default. */
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

/** @throws Error that names a variable without a value, or with an incomplete one. */
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

/**
 * The only reader of `process.env`. A function has only the variables that it needs. The first use of a missing
 * variable throws an error that names it.
 */
export const config = Object.defineProperties(
  {
    /**
     * The function's own credentials. Lambda sets them once for the life of each environment.
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
  },
  variables,
) as Config & {
  readonly ownCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string; sessionToken?: string };
  readonly functionName: string;
};

/**
 * Headers in which the distribution sends the caller's address, because an API sees only the address of the
 * distribution. Trust `address` only together with `key`, because a caller that bypasses the distribution can send any
 * header.
 */
export const edgeHeaders = { address: 'x-viewer-address', key: 'x-origin-key' } as const;
