import * as z from 'zod';
import { throttlingComplaints } from './api/throttling.ts';
import { functionNames } from './functions/definitions.ts';

/** Retention times that CloudWatch Logs accepts, in days. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, 'must be an origin such as https://app.example.org, without a path');

/** CloudFront accepts certificates and web ACLs of us-east-1 only. */
const certificateArn = z
  .string()
  .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/, 'must be the ARN of a certificate in us-east-1');
const webAclArn = z
  .string()
  .regex(/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, 'must be the ARN of a web ACL of scope CLOUDFRONT');

const rate = z.strictObject({ rate: z.int().min(1), burst: z.int().min(1) });

/** The settings of a stage. Tests enumerate the schema, so that each setting is tested. */
export const stageSettings = z.strictObject({
  /** Region of all resources except CloudFront. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1'),
  /** The deployer's own domain. Without it, the address is the distribution's `….cloudfront.net`. */
  domain: z
    .strictObject({
      name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a domain name such as chat.example.org'),
      certificateArn,
      /** If true, browsers that have visited the domain reject plain HTTP for its subdomains too, for a year. */
      includeSubdomains: z.boolean().default(false),
      /** Route 53 zone in which to create the domain's records. Without it, the deployer creates a CNAME. */
      hostedZone: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }).optional(),
    })
    .optional(),
  /** Sender of mails. SES must have verified the address or its domain. */
  mailFrom: z.email('must be an e-mail address'),
  logRetentionDays: z.literal([...logRetentionDays], `must be one of ${logRetentionDays.join(', ')}`),
  /** Days that a restore of the table can go back. An erasure is final only after this time. */
  pointInTimeRecoveryDays: z.int().min(1).max(35),
  /** If true, tables, files and keys outlive `cdk destroy`, and the tables have deletion protection. */
  retainData: z.boolean(),
  /**
   * A restored copy that replaces the table: its name, and the label of its stream (the end of `LatestStreamArn`). The
   * stage's original table stays unchanged.
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
   * Versions of the key that signs access tokens. The first version signs. All versions are published, so tokens of each
   * are accepted.
   */
  signingKeys: z
    .array(z.int().min(1))
    .min(1, 'must name the signing key')
    .max(5)
    .refine((versions) => new Set(versions).size === versions.length, 'must name each version once')
    .default([1]),
  /** Receives a mail for each alarm, once its owner has confirmed the subscription. */
  alarmEmail: z.email('must be an e-mail address').optional(),
  /** Each metric of an alarm costs $0.10 a month. The first ten of an account are free. */
  alarms: z.boolean().default(true),
  /** Maximum and guaranteed number of a function's concurrent environments. 0 stops the function. */
  reservedConcurrency: z.partialRecord(z.enum(functionNames), z.int().min(0)).default({}),
  /** Origins of other sites whose pages may call the HTTP API. The deployment's own pages need no CORS. */
  allowedOrigins: z.array(origin).default([]),
  webAclArn: webAclArn.optional(),
  /** Creates the stack `web-acl` in us-east-1. Its limits are requests per minute and address. */
  webAcl: z
    .strictObject({
      authRequestsPerMinute: z.int().min(10).default(600),
      requestsPerMinute: z.int().min(10).default(6000),
      /** If true, addresses on Amazon's reputation list are blocked. Otherwise they are only counted. */
      blockBadReputation: z.boolean().default(false),
    })
    .optional(),
  /** If true, the APIs reject requests that bypass the distribution. Default: true if `webAclArn` is set. */
  onlyThroughDistribution: z.boolean().optional(),
  /** Requests per second, and burst, of all callers together. Default: shares of the account's quota. */
  throttling: z.strictObject({ http: rate.optional(), auth: rate.optional(), socket: rate.optional() }).default({}),
  /** The account's API Gateway quota in the region, if AWS has raised it. */
  apiGatewayQuota: rate.optional(),
  /** X-Ray traces of all functions, which cost money for each request. */
  tracing: z.boolean().default(true),
  /**
   * API Gateway writes WebSocket access logs with one role per account and region. If true, the stack creates and sets
   * it. If false, the account must already have one.
   */
  manageApiGatewayAccount: z.boolean().default(true),
});

export type StageSettings = z.output<typeof stageSettings>;

export interface Stage {
  readonly name: string;
  /** The beginning of all resource names. */
  readonly prefix: string;
  readonly settings: StageSettings;
}

/**
 * Reads a stage's settings from the context `stages` of `cdk.json`.
 *
 * @throws Error that names the stage, each invalid field and the rule that it breaks.
 */
export function readStage(name: string, stages: unknown): Stage {
  // Names have no hyphens, so that `switchboard-<stage>-*` in policies and queries matches only this stage.
  if (!/^[a-z][a-z0-9]{0,15}$/.test(name)) {
    throw new Error(
      `Stage "${name}": a stage's name has 1 to 16 lower-case letters and digits, and begins with a letter`,
    );
  }
  const parsedStages = z.record(z.string(), z.unknown()).safeParse(stages);
  if (!parsedStages.success) throw new Error('The context of cdk.json has no object "stages"');
  if (parsedStages.data[name] === undefined) {
    throw new Error(
      `Stage "${name}" is not in cdk.json. It names these stages: ${Object.keys(parsedStages.data).join(', ')}`,
    );
  }
  const parsed = stageSettings.safeParse(parsedStages.data[name]);
  const problems = parsed.success ? throttlingComplaints(parsed.data) : parsed.error.issues.map(describeIssue);
  if (!parsed.success || problems.length > 0) {
    throw new Error(`Stage "${name}" in cdk.json has invalid settings:\n  ${problems.join('\n  ')}`);
  }
  return { name, prefix: `switchboard-${name}`, settings: parsed.data };
}

/** Whether the APIs of a stage reject requests that bypass the distribution. */
export function onlyThroughDistribution({ settings }: Stage): boolean {
  return settings.onlyThroughDistribution ?? settings.webAclArn !== undefined;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (field === '' ? key : `${field}.${key}`));
    const existing = field === '' ? `. Settings are: ${Object.keys(stageSettings.shape).join(', ')}` : '';
    return `${names.join(', ')}: no such setting${existing}`;
  }
  return `${field}: ${issue.message}`;
}
