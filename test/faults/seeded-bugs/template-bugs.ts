import type { SeededBug } from './seeded-bug.ts';

const permissions = 'test/infrastructure/permissions.test.ts';
const events = 'test/infrastructure/events.test.ts';

export const templateBugs: readonly SeededBug[] = [
  {
    name: 'a session for one tenant unwraps the data keys of all tenants',
    file: 'lib/functions/tenant-role.ts',
    find: "    statement.addCondition('StringEquals', { 'kms:EncryptionContext:tenant': tenant });\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the policy of each function > allows unwrapping a data key for the session’s tenant only, and creating one where tenants are created',
    },
  },
  {
    name: 'a session for one tenant reads the items of all tenants',
    file: 'lib/functions/tenant-role.ts',
    find: '`${tenantPrefix}${tenant}#*`',
    replaceBy: '`${tenantPrefix}*`',
    caughtBy: {
      file: permissions,
      test: 'the policy of each function > limits the tenant role to keys of the session’s tenant, and the function’s own role to keys of the platform',
    },
  },
  {
    name: 'a call without a key counts as a call on the tenant’s keys',
    file: 'lib/functions/statements.ts',
    find: "  statement.addCondition('Null', { 'dynamodb:LeadingKeys': 'false' });\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the policy of each function > limits the tenant role to keys of the session’s tenant, and the function’s own role to keys of the platform',
    },
  },
  {
    name: 'a function may assume the tenant role of another function',
    file: 'lib/functions/tenant-role.ts',
    find: "    ArnEquals: { 'aws:PrincipalArn': functionRole.roleArn },\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the policy of each function > limits the tenant role to its function, and to one tenant in each session',
    },
  },
  {
    name: 'no policy denies a Scan',
    file: 'lib/functions/statements.ts',
    find: "actions: ['dynamodb:Scan', 'dynamodb:PartiQL*']",
    replaceBy: "actions: ['dynamodb:PartiQL*']",
    caughtBy: {
      file: permissions,
      test: 'the policy of each function > denies Scan and PartiQL to every function that uses a table',
    },
  },
  {
    name: 'a queue shows a message again while its consumer still processes it',
    file: 'shared/contract/kit/define-consumer.ts',
    find: 'timeoutsPerRetry * timeoutSeconds',
    replaceBy: 'timeoutSeconds',
    caughtBy: {
      file: 'test/infrastructure/consumer-limits.test.ts',
      test: 'consumerComplaints > accepts every consumer of the project, and the defaults',
    },
  },
  {
    name: 'one failed message fails its whole batch',
    file: 'lib/events/consumer.ts',
    find: '    reportBatchItemFailures: true,\n',
    replaceBy: '',
    caughtBy: { file: events, test: 'each queue > retries failed messages individually' },
  },
  {
    name: 'a bad record of the stream is retried without a limit',
    file: 'lib/events/stream-source.ts',
    find: '      retryAttempts: 10,\n',
    replaceBy: '',
    caughtBy: {
      file: events,
      test: 'the table’s stream > is read from its first record, in order, with a limit of attempts for a bad record',
    },
  },
];
