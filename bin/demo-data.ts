export const demoPassword = 'Switchboard-1!';

export interface DemoUser {
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: 'member' | 'agent' | 'admin' | 'staff';
}

export interface DemoTenant {
  readonly slug: string;
  readonly name: string;
  readonly settings: { readonly messagesPerMinute?: null };
  readonly users: readonly DemoUser[];
}

function user(username: string, domain: string, firstName: string, lastName: string, role: DemoUser['role']): DemoUser {
  return { username, email: `${username}@${domain}`, firstName, lastName, role };
}

export const demoTenants: readonly DemoTenant[] = [
  {
    slug: 'demo',
    name: 'Demo',
    settings: {},
    users: [
      user('admin', 'demo.test', 'Ada', 'Admin', 'admin'),
      user('agent', 'demo.test', 'Agnes', 'Agent', 'agent'),
      user('alice', 'demo.test', 'Alice', 'Able', 'member'),
      user('bob', 'demo.test', 'Bob', 'Baker', 'member'),
    ],
  },
  {
    slug: 'acme',
    name: 'Acme',
    settings: {},
    users: [
      user('alice', 'acme.test', 'Alice', 'Archer', 'member'),
      user('bob', 'acme.test', 'Bob', 'Bishop', 'member'),
    ],
  },
  {
    slug: 'load',
    name: 'Load',
    settings: { messagesPerMinute: null },
    users: Array.from({ length: 20 }, (_, index) =>
      user(`u${index + 1}`, 'load.test', `User ${index + 1}`, 'Load', 'member'),
    ),
  },
  {
    slug: 'platform',
    name: 'Platform',
    settings: {},
    users: [user('staff', 'platform.test', 'Stella', 'Staff', 'staff')],
  },
];
