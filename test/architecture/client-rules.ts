import { isDeployed, isUnder, type Rule } from './rule.ts';

export const clientPlaces: Readonly<Record<string, readonly string[]>> = {
  // The oracles of the project's lean client.
  '@aws-sdk/util-dynamodb': ['shared/core/aws/attribute-values.test.ts'],
  '@smithy/signature-v4': ['shared/core/aws/signature.test.ts'],
  '@aws-sdk/client-kms': [
    'shared/features/identity/signing-key.ts',
    'shared/features/health/get-health.ts',
    'shared/features/checkpoints/checkpoint-signature.ts',
  ],
  '@aws-sdk/client-scheduler': ['shared/core/timers/schedule-wake-up.ts'],
  '@aws-sdk/client-sqs': [
    'shared/core/timers/queue-client.ts',
    'shared/core/timers/send-wake-ups.ts',
    'shared/core/timers/hold-wake-ups.ts',
  ],
  '@aws-sdk/client-sesv2': ['shared/features/identity/send-account-mail.ts'],
  '@aws-sdk/client-s3': [
    'shared/features/attachments/object-store.ts',
    'shared/features/checkpoints/checkpoint-store.ts',
  ],
  '@aws-sdk/s3-presigned-post': ['shared/features/attachments/object-store.ts'],
  '@aws-sdk/s3-request-presigner': ['shared/features/attachments/object-store.ts'],
  '@aws-sdk/client-cloudformation': ['bin/'],
  '@aws-sdk/client-cloudwatch': ['bin/'],
  '@aws-sdk/client-lambda': ['bin/'],
  '@aws-sdk/client-sns': ['bin/'],
};

/** Refuses private addresses. */
const egress = 'shared/core/egress';
const leanClient = 'shared/core/aws';

/** The other files of the project's lean client are imported only within its folder. */
export const leanClientPlaces: Readonly<Record<string, readonly string[]>> = {
  'shared/core/aws/aws-client.ts': [
    'shared/core/delivery/delivery.ts',
    'shared/core/encryption/data-keys.ts',
    'shared/core/table/',
    'shared/core/tenancy/tenant-credentials.ts',
    'shared/features/devices/push-endpoints.ts',
    'shared/features/projector/publish-events.ts',
    'shared/features/push/publish-push.ts',
  ],
  'shared/core/aws/assume-role-command.ts': ['shared/core/tenancy/tenant-credentials.ts'],
  'shared/core/aws/attribute-values.ts': ['shared/core/table/'],
  'shared/core/aws/key-commands.ts': ['shared/core/encryption/data-keys.ts'],
  'shared/core/aws/put-events-command.ts': ['shared/features/projector/publish-events.ts'],
  'shared/core/aws/push-commands.ts': [
    'shared/features/devices/push-endpoints.ts',
    'shared/features/push/publish-push.ts',
  ],
  'shared/core/aws/service-error.ts': [
    'shared/core/table/',
    'shared/features/devices/push-endpoints.ts',
    'shared/features/push/publish-push.ts',
  ],
  'shared/core/aws/socket-commands.ts': ['shared/core/delivery/delivery.ts'],
  'shared/core/aws/table-commands.ts': ['shared/core/table/'],
};

const opensConnections = /^node:(http|https|http2|net|tls|dgram)$/;

export const clientRules: readonly Rule[] = [
  {
    name: 'each client of the SDK is imported only by the listed files',
    check: ({ path, imports }) =>
      isUnder(path, 'shared', 'functions', 'lib', 'bin')
        ? imports
            .filter(({ specifier, typeOnly }) => /^@aws-sdk\/|^aws-sdk|^@smithy\//.test(specifier) && !typeOnly)
            .filter(({ specifier }) => !(clientPlaces[specifier] ?? []).some((allowed) => path.startsWith(allowed)))
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'each file of the lean client is imported only by the listed files, DynamoDB’s only in shared/core/table',
    check: ({ path, imports }) =>
      isUnder(path, 'shared', 'functions', 'lib', 'bin') && !isUnder(path, leanClient)
        ? imports
            .filter(({ file = '', typeOnly }) => isUnder(file, leanClient) && !typeOnly)
            .filter(({ file = '' }) => !(leanClientPlaces[file] ?? []).some((allowed) => path.startsWith(allowed)))
            .map(({ specifier }) => `imports ${specifier}`)
        : [],
  },
  {
    name: 'only the lean client, the SDK and the calls of tenants’ addresses open connections from functions',
    check: ({ path, imports, uses }) =>
      isDeployed(path) && !isUnder(path, leanClient, egress, 'shared/client')
        ? [
            ...imports
              .filter(({ specifier, typeOnly }) => opensConnections.test(specifier) && !typeOnly)
              .map(({ specifier }) => `imports ${specifier}`),
            ...[...uses]
              .filter((use) => /^(?:(?:globalThis\.)?fetch(?:\(\))?|process\.getBuiltinModule)$/.test(use))
              .map((use) => `uses ${use}`),
          ]
        : [],
  },
];
