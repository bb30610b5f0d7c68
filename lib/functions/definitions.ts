import { consumers } from '../../shared/contract/events/consumers.ts';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { hot, modest, oneProcessor } from './memory-sizes.ts';

/** What no tool can derive of a function; its rights are in `grants.json`. */
export interface FunctionDefinition {
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
}

const httpFunctions = {
  health: {
    description: 'Health, keys that verify tokens, issuer discovery',
    memoryMiB: modest,
    timeoutSeconds: 10,
  },
  auth: {
    description: 'Registration, login, sessions, passwords, tickets',
    // scrypt works on 32 MiB at a time and is bound by CPU.
    memoryMiB: oneProcessor,
    timeoutSeconds: 15,
  },
  users: {
    description: 'Directory and profiles',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  admin: {
    description: 'Accounts of a tenant: approve, reject, suspend, reactivate',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  conversations: {
    description: 'Start, list and get conversations',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  groups: {
    description: 'Change groups: people, roles, name',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  messages: {
    description: 'Send and read messages over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  'message-changes': {
    description: 'Edit and delete messages, react to them, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  attachments: {
    description: 'Files: forms to upload with, examination, addresses to load from',
    // A picture of 50 million pixels takes 200 MB decoded, twice that while it is handed over; decoding is bound by CPU.
    memoryMiB: oneProcessor,
    // It times out before API Gateway does, which would answer 503.
    timeoutSeconds: 25,
  },
  receipts: {
    description: 'Receipts, unread counts and typing over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  sync: {
    description: 'What clients missed, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  presence: {
    description: 'Who is there, over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  search: {
    description: 'Searches messages of the caller’s conversations',
    memoryMiB: hot,
    timeoutSeconds: 15,
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
  },
  'authorize-socket': {
    description: 'Verifies tokens and one-time tickets of new sockets',
    memoryMiB: hot,
    timeoutSeconds: 5,
  },
  'socket-connect': {
    description: 'Registers a new socket',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  'socket-disconnect': {
    description: 'Forgets a closed socket',
    memoryMiB: modest,
    timeoutSeconds: 10,
  },
  'socket-message': {
    description: 'Takes messages over sockets, and answers pings',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  'socket-action': {
    description: 'Answers every other frame that a client sends',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  'stream-projector': {
    description: 'Projects the table’s stream: conversation summaries, events, the senders’ other devices',
    memoryMiB: hot,
    timeoutSeconds: 60,
  },
  'checkpoint-logs': {
    description: 'Signs where conversations end, and stores it outside the table',
    memoryMiB: modest,
    timeoutSeconds: 60,
  },
  provision: {
    description: 'Creates tenants, admins and users, and verifies conversations, for callers who may invoke it',
    memoryMiB: oneProcessor,
    // Verifying a conversation reads its whole log and all checkpoints since its start.
    timeoutSeconds: 900,
  },
} as const satisfies Record<string, FunctionDefinition>;

export type ConsumerName = (typeof consumers)[number]['name'];
const consumerFunctions = Object.fromEntries(
  consumers.map((consumer): [ConsumerName, FunctionDefinition] => [consumer.name, consumer]),
) as Readonly<Record<ConsumerName, FunctionDefinition>>;

/** Every function of `functions/`. */
export const functionDefinitions = { ...httpFunctions, ...otherFunctions, ...consumerFunctions };
export type FunctionName = keyof typeof functionDefinitions;
export const functionNames = Object.keys(functionDefinitions) as [FunctionName, ...FunctionName[]];
