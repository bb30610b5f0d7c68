import { consumers } from '../../shared/contract/events/consumers.ts';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { hot, modest, oneProcessor } from './memory-sizes.ts';

/** Its rights are in `grants.json`. */
export interface FunctionDefinition {
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
}

const httpFunctions = {
  health: {
    description: 'Health, keys that verify tokens, issuer metadata',
    memoryMiB: modest,
    timeoutSeconds: 10,
  },
  auth: {
    description: 'Registration, login, guests, sessions, passwords, tickets',
    // scrypt uses 32 MiB at a time and is limited by CPU.
    memoryMiB: oneProcessor,
    timeoutSeconds: 15,
  },
  users: {
    description: 'Directory and profiles',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  admin: {
    description: 'Approve, reject, suspend and reactivate accounts of a tenant',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  guests: {
    description: 'Profiles, transfer codes and registration of guests',
    // scrypt uses 32 MiB at a time and is limited by CPU.
    memoryMiB: oneProcessor,
    timeoutSeconds: 15,
  },
  conversations: {
    description: 'Start, list and get conversations',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  groups: {
    description: 'Change people, roles and names of groups',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  messages: {
    description: 'Send and read messages over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  'message-changes': {
    description: 'Edit, delete and react to messages over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  attachments: {
    description: 'Upload forms, examination and download addresses of files',
    // A picture of 50 million pixels needs 200 MB decoded, and twice that while it is passed on.
    memoryMiB: oneProcessor,
    // Below API Gateway's timeout.
    timeoutSeconds: 25,
  },
  receipts: {
    description: 'Receipts, unread counts and typing over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  sync: {
    description: 'Catch-up of clients over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  presence: {
    description: 'Presence over HTTP',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  desk: {
    description: 'Assignment, status and notes of support conversations, agents and counts',
    memoryMiB: hot,
    // Below API Gateway's timeout. A bulk action changes 100 conversations.
    timeoutSeconds: 25,
  },
  teams: {
    description: 'Teams of agents',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  search: {
    description: 'Search messages in the caller’s conversations',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  templates: {
    description: 'Canned replies and forms of tenants and of the platform',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  notifications: {
    description: 'Notifications, their preferences, and drafts',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  devices: {
    description: 'Devices that receive pushes',
    memoryMiB: hot,
    // Several calls to SNS in turn.
    timeoutSeconds: 15,
  },
  transcripts: {
    description: 'Transcripts of conversations, and their verification',
    memoryMiB: oneProcessor,
    // Below API Gateway's timeout. A verification reads the whole log and all checkpoints.
    timeoutSeconds: 25,
  },
  webhooks: {
    description: 'Webhooks of tenants, and their deliveries',
    memoryMiB: hot,
    // Below API Gateway's timeout. A test event waits for the receiver.
    timeoutSeconds: 25,
  },
  mail: {
    description: 'Addresses that get no mail, and unsubscribing',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  sources: {
    description: 'Sources of incidents, and what they received',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  'receive-incidents': {
    description: 'Receives incidents from other systems',
    memoryMiB: hot,
    // Senders give up after five seconds.
    timeoutSeconds: 10,
  },
} as const satisfies Record<keyof typeof routesByFunction, FunctionDefinition>;

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
    description: 'Records a new socket',
    memoryMiB: hot,
    timeoutSeconds: 10,
  },
  'socket-disconnect': {
    description: 'Removes a closed socket',
    memoryMiB: modest,
    timeoutSeconds: 10,
  },
  'socket-message': {
    description: 'Sends messages and answers pings over sockets',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  'socket-action': {
    description: 'Answers all other frames of clients',
    memoryMiB: hot,
    timeoutSeconds: 15,
  },
  'stream-projector': {
    description: 'Projects the table’s stream: conversation summaries, events, senders’ other devices',
    memoryMiB: hot,
    timeoutSeconds: 60,
  },
  'run-timers': {
    description: 'Does what is due, such as escalations',
    memoryMiB: hot,
    // Delays a wake-up whose handling hangs.
    timeoutSeconds: 10,
  },
  'run-lanes': {
    description: 'Delivers to addresses of tenants, in order for each lane',
    memoryMiB: hot,
    // Several deliveries in turn, of up to 15 seconds each.
    timeoutSeconds: 60,
  },
  'checkpoint-logs': {
    description: 'Signs the ends of logs, and stores the signatures outside the table',
    memoryMiB: modest,
    timeoutSeconds: 60,
  },
  'record-mail-feedback': {
    description: 'Stops mails to addresses that bounced or complained',
    memoryMiB: modest,
    timeoutSeconds: 30,
  },
  provision: {
    description: 'Creates tenants, admins and users, loads templates, and verifies conversations, for the deployer',
    memoryMiB: oneProcessor,
    // A verification reads the whole log and all checkpoints.
    timeoutSeconds: 900,
  },
} as const satisfies Record<string, FunctionDefinition>;

export type ConsumerName = (typeof consumers)[number]['name'];
const consumerFunctions = Object.fromEntries(
  consumers.map((consumer): [ConsumerName, FunctionDefinition] => [consumer.name, consumer]),
) as Readonly<Record<ConsumerName, FunctionDefinition>>;

export const functionDefinitions = { ...httpFunctions, ...otherFunctions, ...consumerFunctions };
export type FunctionName = keyof typeof functionDefinitions;
export const functionNames = Object.keys(functionDefinitions) as [FunctionName, ...FunctionName[]];

/** Known before deployment, so that other stacks can name the function without importing it. */
export function functionNameOf({ prefix }: { readonly prefix: string }, name: FunctionName): string {
  return `${prefix}-${name}`;
}
