import { routesByFunction } from '../../shared/contract/registry.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { hot, modest, oneProcessor } from './memory-sizes.ts';

/** The environment to distinguish a request through the distribution from one that bypassed it. */
const fromOutside = ['originKey', 'onlyThroughDistribution'] as const;

const ofFrames = {
  memoryMiB: hot,
  timeoutSeconds: 15,
  table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
  keysTable: ['GetItem'],
  dataKey: ['Decrypt'],
  sockets: ['POST', 'DELETE'],
} satisfies Partial<FunctionDefinition>;

const httpFunctions = {
  platform: {
    description: 'Health, keys that verify tokens, issuer discovery',
    memoryMiB: modest,
    timeoutSeconds: 10,
    environment: ['publicUrl', ...fromOutside],
    platformTable: ['GetItem'],
    describesDataKey: true,
    signingKey: ['GetPublicKey'],
  },
  auth: {
    description: 'Registration, login, sessions, passwords, tickets',
    // scrypt works on 32 MiB at a time and is bound by CPU.
    memoryMiB: oneProcessor,
    timeoutSeconds: 15,
    environment: ['publicUrl', ...fromOutside],
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    platformTable: ['GetItem', 'PutItem', 'UpdateItem'],
    signingKey: ['Sign', 'GetPublicKey'],
  },
  users: {
    description: 'Directory and profiles',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'PutItem', 'DeleteItem'],
    indexes: ['collection'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
  },
  admin: {
    description: 'Accounts of a tenant: approve, reject, suspend, reactivate',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    indexes: ['collection'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
  },
  conversations: {
    description: 'Start, list and get conversations',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sockets: ['POST'],
  },
  groups: {
    description: 'Change groups: people, roles, name',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sockets: ['POST'],
  },
  messages: {
    description: 'Send and read messages over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sockets: ['POST'],
  },
  'message-changes': {
    description: 'Edit and delete messages, react to them, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sockets: ['POST'],
  },
  attachments: {
    description: 'Files: forms to upload with, examination, addresses to load from',
    // A picture of 50 million pixels takes 200 MB decoded, twice that while it is handed over; decoding is bound by CPU.
    memoryMiB: oneProcessor,
    // It times out before API Gateway does, which would answer 503.
    timeoutSeconds: 25,
    environment: fromOutside,
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    files: [
      'quarantine GetObject',
      'quarantine PutObject',
      'quarantine DeleteObject',
      'quarantine ListBucket',
      'files GetObject',
      'files PutObject',
    ],
  },
  receipts: {
    description: 'Receipts, unread counts and typing over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem'],
    sockets: ['POST'],
  },
  sync: {
    description: 'What clients missed, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 15,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
  },
  presence: {
    description: 'Who is there, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem'],
  },
  search: {
    description: 'Searches messages of the caller’s conversations',
    memoryMiB: hot,
    timeoutSeconds: 15,
    environment: fromOutside,
    table: ['GetItem', 'BatchGetItem', 'Query'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
  },
} as const satisfies Record<keyof typeof routesByFunction, FunctionDefinition>;

/** Functions with HTTP routes, which the contract's registry gives them. */
export type HttpFunctionName = keyof typeof httpFunctions;
export const httpFunctionNames = Object.keys(routesByFunction) as HttpFunctionName[];

const otherFunctions = {
  'authorize-http': {
    description: 'Verifies access tokens of HTTP requests',
    memoryMiB: hot,
    timeoutSeconds: 5,
    environment: ['publicUrl', ...fromOutside],
    table: ['GetItem'],
    signingKey: ['GetPublicKey'],
  },
  'authorize-socket': {
    description: 'Verifies tokens and one-time tickets of new sockets',
    memoryMiB: hot,
    timeoutSeconds: 5,
    environment: ['publicUrl', ...fromOutside],
    table: ['GetItem'],
    platformTable: ['GetItem', 'DeleteItem'],
    signingKey: ['GetPublicKey'],
  },
  'socket-connect': {
    description: 'Registers a new socket',
    memoryMiB: hot,
    timeoutSeconds: 10,
    table: ['GetItem', 'UpdateItem'],
    sockets: ['POST', 'DELETE'],
  },
  'socket-disconnect': {
    description: 'Forgets a closed socket',
    memoryMiB: modest,
    timeoutSeconds: 10,
    table: ['UpdateItem'],
  },
  'socket-message': {
    description: 'Takes messages over sockets, and answers pings',
    ...ofFrames,
  },
  'socket-action': {
    description: 'Answers every other frame that a client sends',
    ...ofFrames,
  },
  'stream-projector': {
    description: 'Projects the table’s stream: conversation summaries, events, the senders’ other devices',
    memoryMiB: hot,
    timeoutSeconds: 60,
    table: ['GetItem', 'BatchGetItem', 'UpdateItem', 'Query'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sockets: ['POST'],
    publishesEvents: true,
  },
  'checkpoint-logs': {
    description: 'Signs where conversations end, and stores it outside the table',
    memoryMiB: modest,
    timeoutSeconds: 60,
    records: ['PutObject'],
    recordsKey: ['Sign'],
  },
  'send-mail': {
    description: 'Sends mails',
    memoryMiB: modest,
    timeoutSeconds: 30,
    environment: ['publicUrl'],
    table: ['GetItem', 'PutItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
    sendsMail: true,
  },
  'close-sockets': {
    description: 'Closes the sockets of ended sessions',
    memoryMiB: modest,
    timeoutSeconds: 30,
    table: ['GetItem', 'UpdateItem'],
    sockets: ['POST', 'DELETE'],
  },
  'sweep-attachments': {
    description: 'Deletes files that were never sent, and those of deleted messages',
    memoryMiB: modest,
    timeoutSeconds: 30,
    table: ['GetItem', 'UpdateItem', 'DeleteItem'],
    files: ['quarantine DeleteObject', 'files DeleteObject', 'files ListBucket'],
  },
  'index-messages': {
    description: 'Keeps the search index: what messages say now, as keyed hashes',
    memoryMiB: hot,
    timeoutSeconds: 30,
    table: ['GetItem', 'PutItem'],
    keysTable: ['GetItem'],
    dataKey: ['Decrypt'],
  },
  provision: {
    description: 'Creates tenants, admins and users, and verifies conversations, for callers who may invoke it',
    memoryMiB: oneProcessor,
    // Verifying a conversation reads its whole log and all checkpoints since its start.
    timeoutSeconds: 900,
    table: ['GetItem', 'PutItem', 'Query'],
    records: ['GetObject', 'ListBucket'],
    recordsKey: ['GetPublicKey'],
    keysTable: ['GetItem', 'PutItem'],
    dataKey: ['Decrypt', 'GenerateDataKeyWithoutPlaintext'],
    platformTable: ['GetItem', 'PutItem'],
    platformIndexes: ['collection'],
  },
} as const satisfies Record<string, FunctionDefinition>;

/** Every function of `functions/`, with its size and its rights. */
export const functionDefinitions = { ...httpFunctions, ...otherFunctions };
export type FunctionName = keyof typeof functionDefinitions;
export const functionNames = Object.keys(functionDefinitions) as [FunctionName, ...FunctionName[]];
