import * as z from 'zod';
import { throttlingComplaints } from './api/throttling.ts';
import { functionNames } from './functions/definitions.ts';

/** Values that CloudWatch Logs accepts. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, 'must be an origin such as https://app.example.org, without a path');

/** CloudFront accepts us-east-1 only. */
const certificateArn = z
  .string()
  .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/, 'must be the ARN of a certificate in us-east-1');
const webAclArn = z
  .string()
  .regex(/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, 'must be the ARN of a web ACL of scope CLOUDFRONT');

const rate = z.strictObject({ rate: z.int().min(1), burst: z.int().min(1) });

/** Tests enumerate this schema, so that each setting is tested. */
export const stageSettings = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1'),
  /** Default: the distribution's `….cloudfront.net`. */
  domain: z
    .strictObject({
      name: z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a domain name such as chat.example.org'),
      certificateArn,
      /** Browsers then reject plain HTTP for subdomains too, for a year. */
      includeSubdomains: z.boolean().default(false),
      /** Route 53 zone of the domain. Without it, the deployer creates a CNAME. */
      hostedZone: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }).optional(),
    })
    .optional(),
  /** SES must have verified the address or its domain. */
  mailFrom: z.email('must be an e-mail address'),
  logRetentionDays: z.literal([...logRetentionDays], `must be one of ${logRetentionDays.join(', ')}`),
  /** An erasure is final only after this time. */
  pointInTimeRecoveryDays: z.int().min(1).max(35),
  /** Days for which an archive keeps the events of the bus, for replays. 0: no archive. */
  eventArchiveDays: z.int().min(0).max(3650).default(0),
  /** If true, tables, files and keys outlive `cdk destroy`, and tables have deletion protection. */
  retainData: z.boolean(),
  /** Replaces the table. The label is the end of `LatestStreamArn`. The original table stays unchanged. */
  restoredTable: z
    .strictObject({
      name: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be the name of a table'),
      streamLabel: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+$/, 'must be the label of a stream such as 2026-11-20T08:30:00.000'),
    })
    .optional(),
  /** The first version signs. Tokens of all versions are accepted. */
  signingKeys: z
    .array(z.int().min(1))
    .min(1, 'must name the signing key')
    .max(5)
    .refine((versions) => new Set(versions).size === versions.length, 'must name each version once')
    .default([1]),
  alarmEmail: z.email('must be an e-mail address').optional(),
  /** Each alarm metric costs $0.10 a month, after ten free ones per account. */
  alarms: z.boolean().default(true),
  /** Maximum and guaranteed concurrency of a function. 0 stops it. */
  reservedConcurrency: z.partialRecord(z.enum(functionNames), z.int().min(0)).default({}),
  allowedOrigins: z.array(origin).default([]),
  webAclArn: webAclArn.optional(),
  /** Stack `web-acl` in us-east-1. Limits are requests per minute and address. */
  webAcl: z
    .strictObject({
      authRequestsPerMinute: z.int().min(10).default(600),
      requestsPerMinute: z.int().min(10).default(6000),
      /** Uses Amazon's reputation list. If false, only counts. */
      blockBadReputation: z.boolean().default(false),
    })
    .optional(),
  /** If true, the APIs reject requests that bypass the distribution. Default: true with `webAclArn`. */
  onlyThroughDistribution: z.boolean().optional(),
  /** Requests per second, and burst, of all callers together. Default: shares of the quota. */
  throttling: z.strictObject({ http: rate.optional(), auth: rate.optional(), socket: rate.optional() }).default({}),
  /** Only if AWS has raised it. */
  apiGatewayQuota: rate.optional(),
  tracing: z.boolean().default(true),
  /** API Gateway writes WebSocket access logs with one role per account and region. If false, it must exist already. */
  manageApiGatewayAccount: z.boolean().default(true),
});

export type StageSettings = z.output<typeof stageSettings>;

export interface Stage {
  readonly name: string;
  readonly prefix: string;
  readonly settings: StageSettings;
}

/**
 * Reads the context `stages` of `cdk.json`.
 *
 * @throws Error with the stage, each invalid field and its rule.
 */
export function readStage(name: string, stages: unknown): Stage {
  // Without hyphens, `switchboard-<stage>-*` matches only this stage.
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
