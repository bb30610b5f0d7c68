import * as z from 'zod';
import { throttlingComplaints } from './api/throttling.ts';
import { functionNames } from './functions/definitions.ts';

/** Retention times that CloudWatch Logs takes, in days. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, 'must be an origin such as https://app.example.org, without a path');

/** CloudFront takes certificates and web ACLs of us-east-1 only. */
const certificateArn = z
  .string()
  .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/, 'must be the ARN of a certificate in us-east-1');
const webAclArn = z
  .string()
  .regex(/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, 'must be the ARN of a web ACL of scope CLOUDFRONT');

const rate = z.strictObject({ rate: z.int().min(1), burst: z.int().min(1) });

/** The settings of a stage. Tests enumerate the schema, so that each setting is tested. */
export const stageSettings = z.strictObject({
  /** Region of everything but CloudFront. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1'),
  /** Your own domain. Without it people use the distribution's `….cloudfront.net`. */
  domain: z
    .strictObject({
      name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a domain name such as chat.example.org'),
      certificateArn,
      /** True: for a year, browsers that have seen the domain refuse plain HTTP for its subdomains too. */
      includeSubdomains: z.boolean().default(false),
      /** Route 53 zone in which to point the name at the distribution. Without it you do so yourself. */
      hostedZone: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }).optional(),
    })
    .optional(),
  /** Sender of mails. SES must have verified the address or its domain. */
  mailFrom: z.email('must be an e-mail address'),
  logRetentionDays: z.literal([...logRetentionDays], `must be one of ${logRetentionDays.join(', ')}`),
  /** How far back the table can be restored. A person's erasure is final only after this time. */
  pointInTimeRecoveryDays: z.int().min(1).max(35),
  /** True: tables, files and keys outlive `cdk destroy`, and the tables have deletion protection. */
  retainData: z.boolean(),
  /**
   * A restored copy of the table that takes the table's place, under its name and the label of its stream (the end of
   * `LatestStreamArn`). The stage's original table stays unchanged.
   */
  restoredTable: z
    .strictObject({
      name: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be the name of a table'),
      streamLabel: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+$/, 'must be the label of a stream such as 2026-11-20T08:30:00.000'),
    })
    .optional(),
  /**
   * Versions of the key that signs access tokens. The first one signs; all are published, so that tokens of each are
   * accepted.
   */
  signingKeys: z
    .array(z.int().min(1))
    .min(1, 'must name the signing key')
    .max(5)
    .refine((versions) => new Set(versions).size === versions.length, 'must name each version once')
    .default([1]),
  /** Gets a mail for every alarm, once its owner has confirmed the subscription. */
  alarmEmail: z.email('must be an e-mail address').optional(),
  /** Alarms cost $0.10 a month and metric beyond the account's first ten. */
  alarms: z.boolean().default(true),
  /** Upper bound, and guaranteed share, of a function's concurrent environments; 0 stops the function. */
  reservedConcurrency: z.partialRecord(z.enum(functionNames), z.int().min(0)).default({}),
  /** Origins of other sites whose pages may call the HTTP API. None by default: our own pages need no CORS. */
  allowedOrigins: z.array(origin).default([]),
  webAclArn: webAclArn.optional(),
  /** Creates the stack `web-acl` in us-east-1, whose web ACL `webAclArn` can name. Requests a minute and address. */
  webAcl: z
    .strictObject({
      authRequestsPerMinute: z.int().min(10).default(600),
      requestsPerMinute: z.int().min(10).default(6000),
      /** True: addresses of Amazon's reputation list are blocked; false: they are counted. */
      blockBadReputation: z.boolean().default(false),
    })
    .optional(),
  /** True: the APIs refuse requests that bypass the distribution. Default: true if there is a web ACL. */
  onlyThroughDistribution: z.boolean().optional(),
  /** Requests a second and burst for all callers together. Default: shares of the account's quota. */
  throttling: z.strictObject({ http: rate.optional(), auth: rate.optional(), socket: rate.optional() }).default({}),
  /** API Gateway's quota of the account in the region, if it was raised. */
  apiGatewayQuota: rate.optional(),
  /** X-Ray traces of all functions, which cost money for each request. */
  tracing: z.boolean().default(true),
  /**
   * API Gateway writes WebSocket access logs with one role per account and region. True creates and sets it; false
   * leaves the account's own role alone (it has to exist).
   */
  manageApiGatewayAccount: z.boolean().default(true),
});

export type StageSettings = z.output<typeof stageSettings>;

/** A stage: its name, what its resources' names begin with, and its settings. */
export interface Stage {
  readonly name: string;
  readonly prefix: string;
  readonly settings: StageSettings;
}

/**
 * Reads a stage's settings from the context `stages` of `cdk.json`.
 *
 * @throws Error that names the stage and each wrong field, and says what it should be.
 */
export function readStage(name: string, stages: unknown): Stage {
  // Without hyphens, `switchboard-<stage>-*` in policies and queries means one stage and no other.
  if (!/^[a-z][a-z0-9]{0,15}$/.test(name)) {
    throw new Error(`Stage "${name}": a stage's name is 1 to 16 lower-case letters and digits, a letter first`);
  }
  const known = z.record(z.string(), z.unknown()).safeParse(stages);
  if (!known.success) throw new Error('The context of cdk.json has no object "stages"');
  if (known.data[name] === undefined) {
    throw new Error(`Stage "${name}" is not in cdk.json. It has: ${Object.keys(known.data).join(', ')}`);
  }
  const parsed = stageSettings.safeParse(known.data[name]);
  const problems = parsed.success ? throttlingComplaints(parsed.data) : parsed.error.issues.map(describeIssue);
  if (!parsed.success || problems.length > 0) {
    throw new Error(`Stage "${name}" in cdk.json has wrong settings:\n  ${problems.join('\n  ')}`);
  }
  return { name, prefix: `switchboard-${name}`, settings: parsed.data };
}

/** Whether the APIs of a stage refuse requests that did not come through the distribution. */
export function onlyThroughDistribution({ settings }: Stage): boolean {
  return settings.onlyThroughDistribution ?? settings.webAclArn !== undefined;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (field === '' ? key : `${field}.${key}`));
    const known = field === '' ? `. Settings are: ${Object.keys(stageSettings.shape).join(', ')}` : '';
    return `${names.join(', ')}: no such setting${known}`;
  }
  return `${field}: ${issue.message}`;
}
