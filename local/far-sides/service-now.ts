import { createHash } from 'node:crypto';
import { json, parsedBody, type VendorAnswer, type VendorOptions, type VendorRequest, VendorServer } from './vendor.ts';

export interface Journal {
  readonly sysId: string;
  readonly element: 'comments' | 'work_notes';
  readonly value: string;
  readonly by: string;
}

export interface Incident {
  readonly sysId: string;
  readonly number: string;
  readonly fields: Record<string, string>;
  readonly journal: Journal[];
}

export interface ServiceNowOptions extends VendorOptions {
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Requests in an hour, as a rate limit rule of the instance. */
  readonly hourlyLimit?: number;
}

const hourMs = 3_600_000;

/**
 * A ServiceNow instance with the table `incident`, as far as the Table API and a business rule that announces changes
 * show it. https://www.servicenow.com/docs/bundle/xanadu-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html
 */
export class ServiceNow {
  readonly server: VendorServer;
  readonly incidents: Incident[] = [];
  readonly #options: Required<Omit<ServiceNowOptions, keyof VendorOptions>>;
  readonly #tokens = new Set<string>();
  #ids = 0;
  #hour = { begins: 0, requests: 0 };

  constructor(options: ServiceNowOptions = {}) {
    this.server = new VendorServer(options);
    this.#options = {
      username: 'switchboard',
      password: 'switchboard',
      clientId: 'switchboard-client',
      clientSecret: 'switchboard-secret',
      hourlyLimit: Infinity,
      ...options,
    };
  }

  answer(request: VendorRequest): VendorAnswer {
    return this.server.handle(request, (each) => this.#carryOut(each));
  }

  incident(number: string): Incident {
    const found = this.incidents.find((each) => each.number === number || each.sysId === number);
    if (found === undefined) throw new Error(`There is no incident ${number}`);
    return found;
  }

  /** A person of the service desk writes in the instance. */
  write(number: string, element: Journal['element'], value: string, by = 'beth.anglin'): Journal {
    const incident = this.incident(number);
    return this.#journal(incident, element, value, by);
  }

  /** A person of the service desk changes the state in the instance. */
  setState(number: string, state: string, by = 'beth.anglin'): void {
    const incident = this.incident(number);
    incident.fields['state'] = state;
    this.#announce(incident, { event: 'state', state }, by);
  }

  #carryOut(request: VendorRequest): VendorAnswer {
    const { pathname, searchParams } = new URL(request.path, 'https://service-now.invalid');
    if (pathname === '/oauth_token.do') return this.#token(request);
    if (!this.#isAuthorized(request))
      return failure(401, 'User Not Authenticated', 'Required to provide Auth information');
    const limited = this.#limit();
    if (limited !== undefined) return limited;
    const parts = /^\/api\/now\/(?:v2\/)?table\/(\w+)(?:\/(\w+))?$/.exec(pathname);
    if (parts === null) return failure(400, 'Requested URI does not represent any resource', '');
    const [, name = '', sysId] = parts;
    if (name !== 'incident' && name !== 'sys_journal_field')
      return failure(400, 'Invalid table', `Invalid table ${name}`);
    if (request.method === 'GET' && sysId === undefined) return this.#query(name, searchParams);
    if (name !== 'incident') return failure(403, 'Operation Failed', 'ACL restricts the access');
    if (request.method === 'POST' && sysId === undefined) return this.#create(request, searchParams);
    const incident = this.incidents.find((each) => each.sysId === sysId);
    if (incident === undefined) {
      return failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
    }
    if (request.method === 'GET') return json(200, { result: columns(incident, searchParams) });
    if (request.method !== 'PATCH' && request.method !== 'PUT') return failure(405, 'Method not allowed', '');
    return this.#update(incident, request, searchParams);
  }

  #token({ body }: VendorRequest): VendorAnswer {
    const form = new URLSearchParams(body);
    const { clientId, clientSecret } = this.#options;
    const isKnown = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (!isKnown || form.get('grant_type') !== 'client_credentials') return json(401, { error: 'invalid_client' });
    const token = this.#newId('token');
    this.#tokens.add(token);
    return json(200, { access_token: token, token_type: 'Bearer', expires_in: 1799 });
  }

  #isAuthorized({ headers }: VendorRequest): boolean {
    const { username, password } = this.#options;
    const [scheme, value = ''] = (headers['authorization'] ?? '').split(' ');
    if (scheme === 'Bearer') return this.#tokens.has(value);
    return scheme === 'Basic' && Buffer.from(value, 'base64').toString('utf8') === `${username}:${password}`;
  }

  #limit(): VendorAnswer | undefined {
    const at = this.server.now();
    if (at >= this.#hour.begins + hourMs) this.#hour = { begins: at, requests: 0 };
    this.#hour.requests += 1;
    if (this.#hour.requests <= this.#options.hourlyLimit) return undefined;
    const resetAt = this.#hour.begins + hourMs;
    return json(
      429,
      { error: { message: 'Rate limit exceeded', detail: 'Rejected by rate limit' }, status: 'failure' },
      {
        'retry-after': String(Math.ceil((resetAt - at) / 1000)),
        'x-ratelimit-limit': String(this.#options.hourlyLimit),
        'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
        'x-ratelimit-rule': 'switchboard',
      },
    );
  }

  #create({ body, headers }: VendorRequest, parameters: URLSearchParams): VendorAnswer {
    const sent = parsedBody(body);
    if (sent === undefined || headers['content-type'] !== 'application/json') {
      return failure(400, 'Exception while reading request', '');
    }
    this.#ids += 1;
    const incident: Incident = {
      sysId: this.#newId('incident'),
      number: `INC${String(10_000 + this.#ids).padStart(7, '0')}`,
      fields: { state: '1' },
      journal: [],
    };
    this.incidents.push(incident);
    this.#apply(incident, sent, this.#options.username);
    this.#announce(incident, { event: 'created' }, this.#options.username);
    return json(
      201,
      { result: columns(incident, parameters) },
      { location: `/api/now/table/incident/${incident.sysId}` },
    );
  }

  #update(incident: Incident, { body }: VendorRequest, parameters: URLSearchParams): VendorAnswer {
    const sent = parsedBody(body);
    if (sent === undefined) return failure(400, 'Exception while reading request', '');
    const isResolving = sent['state'] === '6' && incident.fields['state'] !== '6';
    if (isResolving && (sent['close_code'] === undefined || sent['close_notes'] === undefined)) {
      // The data policy of a new instance.
      return failure(
        403,
        'Operation Failed',
        'Data Policy Exception: Resolution code and Resolution notes are mandatory',
      );
    }
    this.#apply(incident, sent, this.#options.username);
    return json(200, { result: columns(incident, parameters) });
  }

  #apply(incident: Incident, sent: Readonly<Record<string, unknown>>, by: string): void {
    const before = incident.fields['state'];
    incident.fields['sys_updated_by'] = by;
    for (const [name, value] of Object.entries(sent)) {
      if (typeof value !== 'string') continue;
      // Each write to a journal field appends.
      if (name === 'comments' || name === 'work_notes') this.#journal(incident, name, value, by);
      else incident.fields[name] = value;
    }
    const state = incident.fields['state'];
    if (before !== state) this.#announce(incident, { event: 'state', state }, by);
  }

  #journal(incident: Incident, element: Journal['element'], value: string, by: string): Journal {
    const entry = { sysId: this.#newId('journal'), element, value, by };
    incident.journal.push(entry);
    this.#announce(
      incident,
      { event: 'comment', commentId: entry.sysId, internal: element === 'work_notes', text: value },
      by,
    );
    return entry;
  }

  /** The business rule of docs/tickets.md. */
  #announce(incident: Incident, event: object, by: string): void {
    const { sysId, number, fields } = incident;
    this.server.announce(
      { 'x-switchboard-token': '' },
      {
        deliveryId: this.#newId('delivery'),
        sysId,
        number,
        correlationId: fields['correlation_id'] ?? '',
        by,
        at: new Date(this.server.now()).toISOString(),
        ...event,
      },
    );
  }

  /** Conditions of an encoded query: `a=b`, `aLIKEb`, `aISEMPTY`, joined by `^`. */
  #query(table: string, parameters: URLSearchParams): VendorAnswer {
    const conditions = (parameters.get('sysparm_query') ?? '').split('^').filter((each) => !each.startsWith('ORDERBY'));
    const rows =
      table === 'incident'
        ? this.incidents.map((incident) => ({ row: rowOf(incident), result: columns(incident, parameters) }))
        : this.incidents.flatMap(({ sysId, journal }) =>
            journal.map((entry) => {
              const row = { sys_id: entry.sysId, element_id: sysId, element: entry.element, value: entry.value };
              return { row, result: row };
            }),
          );
    const found = rows.filter(({ row }) => conditions.every((condition) => meets(row, condition)));
    const limit = Number(parameters.get('sysparm_limit') ?? 10_000);
    return json(200, { result: found.slice(0, limit).map(({ result }) => result) });
  }

  #newId(kind: string): string {
    this.#ids += 1;
    return createHash('md5').update(`${kind} ${this.#ids}`).digest('hex');
  }
}

function rowOf({ sysId, number, fields }: Incident): Readonly<Record<string, string>> {
  return { ...fields, sys_id: sysId, number };
}

function columns(incident: Incident, parameters: URLSearchParams): Readonly<Record<string, string>> {
  const row = rowOf(incident);
  const wanted = parameters.get('sysparm_fields')?.split(',');
  // Unknown fields are ignored.
  return wanted === undefined
    ? row
    : Object.fromEntries(wanted.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
}

function meets(row: Readonly<Record<string, string>>, condition: string): boolean {
  const match = /^(\w+?)(ISEMPTY|LIKE|=)(.*)$/s.exec(condition);
  if (match === null) return true;
  const [, name = '', operator, value = ''] = match;
  const stored = row[name] ?? '';
  if (operator === 'ISEMPTY') return stored === '';
  return operator === '=' ? stored === value : stored.toLowerCase().includes(value.toLowerCase());
}

function failure(status: number, message: string, detail: string): VendorAnswer {
  return json(status, { error: { message, detail }, status: 'failure' });
}
