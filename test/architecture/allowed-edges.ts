/**
 * The allowed imports between folders of `shared/`, type imports included. Tests fail for an import that is not listed, and
 * for an entry that no import uses. A file beside the folders counts as a folder.
 */
export const allowedEdges: Readonly<Record<Area, Edges>> = {
  layers: {
    client: ['contract'],
    contract: [],
    core: ['contract'],
    features: ['contract', 'core', 'transport'],
    transport: ['contract', 'core'],
  },
  contract: {
    'actions.ts': ['messages', 'presence', 'receipts', 'sockets', 'sync'],
    attachments: ['kit', 'problems.ts', 'schemas'],
    conversations: ['kit', 'problems.ts', 'schemas'],
    documents: ['events', 'health', 'kit', 'permissions.ts', 'problems.ts', 'registry.ts', 'schemas'],
    events: ['kit', 'messages', 'schemas'],
    groups: ['conversations', 'kit', 'problems.ts', 'schemas'],
    health: ['identity', 'kit'],
    identity: ['kit', 'problems.ts', 'schemas'],
    kit: ['permissions.ts'],
    messages: ['attachments', 'kit', 'problems.ts', 'schemas'],
    'permissions.ts': ['schemas'],
    presence: ['kit', 'schemas'],
    'problems.ts': ['kit', 'sockets'],
    receipts: ['kit', 'problems.ts', 'schemas'],
    'registry.ts': [
      'actions.ts',
      'attachments',
      'conversations',
      'events',
      'groups',
      'health',
      'identity',
      'kit',
      'messages',
      'presence',
      'receipts',
      'search',
      'sync',
    ],
    schemas: [],
    search: ['kit', 'problems.ts', 'schemas'],
    sockets: ['kit', 'schemas'],
    sync: ['conversations', 'events', 'kit', 'schemas'],
  },
  core: {
    delivery: ['refusal.ts', 'runtime', 'table', 'tenancy'],
    encryption: ['runtime', 'table', 'tenancy'],
    'refusal.ts': [],
    runtime: [],
    table: ['runtime', 'tenancy'],
    tenancy: ['runtime'],
    'use-case.ts': ['refusal.ts', 'tenancy'],
  },
  features: {
    attachments: ['identity', 'log', 'tenants', 'transport'],
    checkpoints: ['identity', 'log'],
    conversations: ['identity', 'log', 'messages'],
    groups: ['conversations', 'identity', 'log', 'messages', 'tenants'],
    health: ['tenants'],
    identity: ['tenants', 'transport'],
    log: [],
    messages: ['attachments', 'log', 'tenants'],
    presence: ['log'],
    projector: ['groups', 'log', 'messages', 'presence'],
    provisioning: ['checkpoints', 'identity', 'tenants', 'transport'],
    receipts: ['conversations', 'log'],
    search: ['conversations', 'log', 'messages', 'tenants', 'transport'],
    sockets: ['identity', 'presence', 'transport'],
    sync: ['conversations', 'identity', 'log', 'messages', 'presence', 'sockets', 'tenants'],
    tenants: [],
  },
};

/** `layers` are the folders of `shared/`. The other areas are the folders within one of them. */
export type Area = 'layers' | 'contract' | 'core' | 'features';
export type Edges = Readonly<Record<string, readonly string[]>>;
