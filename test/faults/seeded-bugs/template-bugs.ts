import type { SeededBug } from './seeded-bug.ts';

const permissions = 'test/infrastructure/permissions.test.ts';
const events = 'test/infrastructure/events.test.ts';

/** Mistakes in what is deployed around the code. */
export const templateBugs: readonly SeededBug[] = [
  {
    name: 'a data key is unwrapped without a tenant’s name',
    file: 'lib/functions/tenant-role.ts',
    find: "    statement.addCondition('StringEquals', { 'kms:EncryptionContext:tenant': tenant });\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the rights of functions > unwrap a data key only for the session’s tenant, and make one only where tenants are made',
    },
  },
  {
    name: 'a session for one tenant opens the items of all',
    file: 'lib/functions/tenant-role.ts',
    find: '`${tenantPrefix}${tenant}#*`',
    replaceBy: '`${tenantPrefix}*`',
    caughtBy: {
      file: permissions,
      test: 'the rights of functions > end at a tenant’s keys: those of its role name the session’s tenant, the function’s own the platform',
    },
  },
  {
    name: 'a call that names no key passes for one on the tenant’s keys',
    file: 'lib/functions/statements.ts',
    find: "  statement.addCondition('Null', { 'dynamodb:LeadingKeys': 'false' });\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the rights of functions > end at a tenant’s keys: those of its role name the session’s tenant, the function’s own the platform',
    },
  },
  {
    name: 'a function may take another’s rights on tenants’ data',
    file: 'lib/functions/tenant-role.ts',
    find: "    ArnEquals: { 'aws:PrincipalArn': functionRole.roleArn },\n",
    replaceBy: '',
    caughtBy: {
      file: permissions,
      test: 'the rights of functions > on tenants’ data are only for the function that has them, and for one named tenant at a time',
    },
  },
  {
    name: 'nothing forbids a Scan',
    file: 'lib/functions/statements.ts',
    find: "actions: ['dynamodb:Scan', 'dynamodb:PartiQL*']",
    replaceBy: "actions: ['dynamodb:PartiQL*']",
    caughtBy: {
      file: permissions,
      test: 'the rights of functions > never include a Scan or PartiQL, which are denied to whoever uses a table',
    },
  },
  {
    name: 'a queue shows a message again while it is worked on',
    file: 'lib/events/consumer.ts',
    find: 'Duration.seconds(6 * consumer.definition.timeoutSeconds)',
    replaceBy: 'Duration.seconds(consumer.definition.timeoutSeconds)',
    caughtBy: {
      file: events,
      test: 'the queues > hide a message for six times as long as its consumer may work on it',
    },
  },
  {
    name: 'one message that fails has its whole batch fail',
    file: 'lib/events/consumer.ts',
    find: '      reportBatchItemFailures: true,\n',
    replaceBy: '',
    caughtBy: { file: events, test: 'the queues > are consumed message by message' },
  },
  {
    name: 'a bad record of the stream is tried for ever',
    file: 'lib/events/stream-source.ts',
    find: '      retryAttempts: 10,\n',
    replaceBy: '',
    caughtBy: {
      file: events,
      test: 'the table’s stream > is read from its first record, in order, with a bound on how long a bad record is tried',
    },
  },
];
