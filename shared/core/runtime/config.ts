/** The only reader of `process.env`. Each function has only the variables that it needs. */
function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} is missing: this function's stack must set it`);
  }
  return value;
}

export const config = {
  /** Name of the table of everything except data keys. */
  get tableName(): string {
    return required('TABLE_NAME');
  },
  /** Name of the table of wrapped data keys. It has no point-in-time recovery, so that destroying a key is final. */
  get keysTableName(): string {
    return required('KEYS_TABLE_NAME');
  },
  /** KMS key that wraps the tenants' data keys. */
  get dataKeyId(): string {
    return required('DATA_KEY_ID');
  },
  /** KMS keys (ECC_NIST_P256) of access tokens: the first one signs, all are published. */
  get signingKeyIds(): readonly [string, ...string[]] {
    return required('SIGNING_KEY_IDS').split(',') as [string, ...string[]];
  },
  /** The role that this function assumes, with a tenant as session tag, to work on that tenant's data. */
  get tenantRoleArn(): string {
    return required('TENANT_ROLE_ARN');
  },
  get eventBusName(): string {
    return required('EVENT_BUS_NAME');
  },
  /** `https://…/stage` of the WebSocket API's management interface. */
  get socketEndpoint(): string {
    return required('SOCKET_ENDPOINT');
  },
  /** Address of the service, without a slash at the end. It is also the issuer of tokens. */
  get publicUrl(): string {
    return required('PUBLIC_URL').replace(/\/$/, '');
  },
  /** Sender address of mails. */
  get mailFrom(): string {
    return required('MAIL_FROM');
  },
  /** Secret that the distribution sends as `x-origin-key`. A request without it bypassed the distribution. */
  get originKey(): string {
    return required('ORIGIN_KEY');
  },
  /** Whether the APIs reject requests without the distribution's key. */
  get onlyThroughDistribution(): boolean {
    return process.env['ONLY_THROUGH_DISTRIBUTION'] === 'true';
  },
  /**
   * The function's own credentials. Lambda sets them once for the life of each environment.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
   */
  get ownCredentials(): {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } {
    const sessionToken = process.env['AWS_SESSION_TOKEN'];
    return {
      accessKeyId: required('AWS_ACCESS_KEY_ID'),
      secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    };
  },
  /** Bucket of attachments. */
  get filesBucketName(): string {
    return required('FILES_BUCKET_NAME');
  },
  /** KMS key that attachments are encrypted with. */
  get filesKeyId(): string {
    return required('FILES_KEY_ID');
  },
  /** Prefix of the stage's resource names, such as `switchboard-prod`, and dimension of all metrics. */
  get stagePrefix(): string {
    return process.env['STAGE_PREFIX'] ?? 'none';
  },
  /** Bucket of signed records, which no function can change or delete. */
  get recordsBucketName(): string {
    return required('RECORDS_BUCKET_NAME');
  },
  /** KMS key (ECC_NIST_P256) that signs records. */
  get recordsKeyId(): string {
    return required('RECORDS_KEY_ID');
  },
  get functionName(): string {
    return process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'none';
  },
} as const;

/**
 * Headers in which the distribution sends the caller's address: an API sees only the distribution's. Trust `address`
 * only together with `key`, because a caller that bypasses the distribution can send any header.
 */
export const edgeHeaders = { address: 'x-viewer-address', key: 'x-origin-key' } as const;

/** Names of the variables above, for the stacks. */
export const environmentNames = {
  stagePrefix: 'STAGE_PREFIX',
  tableName: 'TABLE_NAME',
  keysTableName: 'KEYS_TABLE_NAME',
  dataKeyId: 'DATA_KEY_ID',
  signingKeyIds: 'SIGNING_KEY_IDS',
  tenantRoleArn: 'TENANT_ROLE_ARN',
  eventBusName: 'EVENT_BUS_NAME',
  socketEndpoint: 'SOCKET_ENDPOINT',
  publicUrl: 'PUBLIC_URL',
  mailFrom: 'MAIL_FROM',
  originKey: 'ORIGIN_KEY',
  onlyThroughDistribution: 'ONLY_THROUGH_DISTRIBUTION',
  filesBucketName: 'FILES_BUCKET_NAME',
  filesKeyId: 'FILES_KEY_ID',
  recordsBucketName: 'RECORDS_BUCKET_NAME',
  recordsKeyId: 'RECORDS_KEY_ID',
} as const;
