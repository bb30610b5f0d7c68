import {
  json,
  parsedBody,
  textOfBody,
  type VendorAnswer,
  type VendorOptions,
  type VendorRequest,
  VendorServer,
} from './vendor.ts';

export interface JiraComment {
  readonly id: string;
  readonly body: string;
  readonly isPublic: boolean;
  readonly by: string;
}

export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly labels: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. The search shows an issue later. */
  readonly createdAt: number;
  readonly comments: JiraComment[];
  status: string;
}

export interface JiraOptions extends VendorOptions {
  readonly email?: string;
  readonly token?: string;
  /** How much later than the issue the search shows it. */
  readonly searchDelayMs?: number;
  /** Limits writes to an issue as the site does: 20 in 2 seconds, 100 in 30 seconds. */
  readonly limitsIssues?: boolean;
}

const serviceDeskId = '4';
const requestTypeId = '27';
const serviceAccount = 'account-switchboard';
const transitions: Readonly<
  Record<string, readonly { readonly id: string; readonly name: string; readonly to: string }[]>
> = {
  'Waiting for support': [
    { id: '11', name: 'Start work', to: 'In Progress' },
    { id: '21', name: 'Resolve this issue', to: 'Resolved' },
  ],
  'In Progress': [{ id: '21', name: 'Resolve this issue', to: 'Resolved' }],
  Resolved: [
    { id: '31', name: 'Reopen', to: 'Waiting for support' },
    { id: '41', name: 'Close', to: 'Closed' },
  ],
};

/**
 * A site of Jira Service Management with one service desk and one request type.
 * https://developer.atlassian.com/cloud/jira/service-desk/rest/
 */
export class Jira {
  readonly server: VendorServer;
  readonly issues: Issue[] = [];
  readonly #options: Required<Omit<JiraOptions, keyof VendorOptions>>;
  readonly #writes = new Map<string, number[]>();
  #ids = 0;
  #deliveries = 0;

  constructor(options: JiraOptions = {}) {
    this.server = new VendorServer(options);
    this.#options = {
      email: 'bot@example.com',
      token: 'switchboard',
      searchDelayMs: 10_000,
      limitsIssues: true,
      ...options,
    };
  }

  answer(request: VendorRequest): VendorAnswer {
    return this.server.handle(request, (each) => this.#carryOut(each));
  }

  issue(key: string): Issue {
    const found = this.issues.find((each) => each.key === key || each.id === key);
    if (found === undefined) throw new Error(`There is no issue ${key}`);
    return found;
  }

  /** A person of the service desk comments on the site. */
  comment(key: string, body: string, isPublic = true, by = 'account-beth'): JiraComment {
    return this.#comment(this.issue(key), body, isPublic, by);
  }

  /** A person of the service desk moves the issue on the site. */
  setStatus(key: string, status: string, by = 'account-beth'): void {
    this.#move(this.issue(key), status, by);
  }

  #carryOut(request: VendorRequest): VendorAnswer {
    const { pathname, searchParams } = new URL(request.path, 'https://jira.invalid');
    if (!this.#isAuthorized(request)) return json(401, { errorMessages: ['Client must be authenticated'] });
    const route = `${request.method} ${pathname}`;
    if (route === 'GET /rest/api/3/myself') return json(200, { accountId: serviceAccount });
    if (route === 'GET /rest/api/3/search/jql') return this.#search(searchParams);
    if (route === `GET /rest/servicedeskapi/servicedesk/${serviceDeskId}/requesttype/${requestTypeId}/field`) {
      const field = (fieldId: string, required: boolean) => ({ fieldId, name: fieldId, required });
      return json(200, {
        requestTypeFields: [field('summary', true), field('description', false), field('labels', false)],
      });
    }
    if (route === 'POST /rest/servicedeskapi/request') return this.#create(request);
    const [, key = '', rest = ''] =
      /^\/rest\/(?:servicedeskapi\/request|api\/3\/issue)\/([\w-]+)(.*)$/.exec(pathname) ?? [];
    const issue = this.issues.find((each) => each.key === key || each.id === key);
    if (issue === undefined) return json(404, { errorMessage: 'The request does not exist.' });
    switch (`${request.method} ${rest}`) {
      case 'GET ':
        return json(200, requestOf(issue));
      case 'GET /comment':
        return commentsOf(issue, searchParams);
      case 'POST /comment':
        return this.#limited(issue) ?? this.#addComment(issue, request);
      case 'GET /transitions': {
        const offered = transitions[issue.status] ?? [];
        return json(200, { transitions: offered.map(({ id, name, to }) => ({ id, name, to: { name: to } })) });
      }
      case 'POST /transitions':
        return this.#limited(issue) ?? this.#transition(issue, request);
      default:
        return json(404, { errorMessages: ['Not found'] });
    }
  }

  #isAuthorized({ headers }: VendorRequest): boolean {
    const [scheme, value = ''] = (headers['authorization'] ?? '').split(' ');
    const { email, token } = this.#options;
    return scheme === 'Basic' && Buffer.from(value, 'base64').toString('utf8') === `${email}:${token}`;
  }

  /** https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ */
  #limited({ key }: Issue): VendorAnswer | undefined {
    if (!this.#options.limitsIssues) return undefined;
    const at = this.server.now();
    const recent = (this.#writes.get(key) ?? []).filter((time) => time > at - 30_000);
    const isOver = recent.length >= 100 || recent.filter((time) => time > at - 2000).length >= 20;
    if (isOver) {
      return json(
        429,
        { errorMessages: ['Rate limited'] },
        { 'retry-after': '2', 'ratelimit-reason': 'jira-per-issue-on-write' },
      );
    }
    this.#writes.set(key, [...recent, at]);
    return undefined;
  }

  #create({ body }: VendorRequest): VendorAnswer {
    const sent = parsedBody(body);
    const values = sent?.['requestFieldValues'] as Readonly<Record<string, unknown>> | undefined;
    if (sent?.['serviceDeskId'] !== serviceDeskId || sent['requestTypeId'] !== requestTypeId) {
      return json(404, { errorMessage: 'The service desk or the request type does not exist.' });
    }
    if (typeof values?.['summary'] !== 'string' || values['summary'] === '') {
      return json(400, {
        errorMessage: 'Your request could not be created.',
        errors: { summary: 'Summary is required.' },
      });
    }
    this.#ids += 1;
    const labels = Array.isArray(values['labels']) ? values['labels'].map(String) : [];
    const issue: Issue = {
      ...{ id: String(10_000 + this.#ids), key: `SUP-${this.#ids}`, labels, fields: values },
      ...{ createdAt: this.server.now(), comments: [], status: 'Waiting for support' },
    };
    this.issues.push(issue);
    this.#announce(issue, 'jira:issue_created', serviceAccount, {});
    return json(201, requestOf(issue));
  }

  #search(parameters: URLSearchParams): VendorAnswer {
    const label = /labels = "([^"]*)"/.exec(parameters.get('jql') ?? '')?.[1];
    if (label === undefined) return json(400, { errorMessages: ['Error in the JQL query'] });
    const visible = this.server.now() - this.#options.searchDelayMs;
    const found = this.issues.filter(({ labels, createdAt }) => labels.includes(label) && createdAt <= visible);
    const issues = found.map(({ id, key, status }) => ({ id, key, fields: { status: { name: status } } }));
    return json(200, { issues: issues.slice(0, Number(parameters.get('maxResults') ?? 50)) });
  }

  #addComment(issue: Issue, { body }: VendorRequest): VendorAnswer {
    const sent = parsedBody(body);
    if (sent === undefined || textOfBody(sent, 'body') === '')
      return json(400, { errorMessage: 'Comment body can not be empty!' });
    // Public unless the request says otherwise.
    const added = this.#comment(issue, textOfBody(sent, 'body'), sent['public'] !== false, serviceAccount);
    return json(201, { id: added.id, body: added.body, public: added.isPublic, author: { accountId: added.by } });
  }

  #transition(issue: Issue, { body }: VendorRequest): VendorAnswer {
    const wanted = (parsedBody(body)?.['transition'] as { readonly id?: unknown } | undefined)?.id;
    const transition = (transitions[issue.status] ?? []).find(({ id }) => id === wanted);
    if (transition === undefined) return json(400, { errorMessages: ['The transition is not valid.'] });
    this.#move(issue, transition.to, serviceAccount);
    return { kind: 'answer', status: 204 };
  }

  #move(issue: Issue, status: string, by: string): void {
    const from = issue.status;
    issue.status = status;
    const items = [{ field: 'status', fromString: from, toString: status }];
    this.#announce(issue, 'jira:issue_updated', by, { changelog: { id: String(++this.#ids), items } });
  }

  #comment(issue: Issue, body: string, isPublic: boolean, by: string): JiraComment {
    const comment = { id: String(++this.#ids), body, isPublic, by };
    issue.comments.push(comment);
    const author = { accountId: by, displayName: by };
    this.#announce(issue, 'comment_created', by, { comment: { id: comment.id, body, author, jsdPublic: isPublic } });
    return comment;
  }

  #announce(issue: Issue, webhookEvent: string, by: string, more: object): void {
    const { id, key, labels, status } = issue;
    this.#deliveries += 1;
    this.server.announce(
      { 'x-atlassian-webhook-identifier': `delivery-${this.#deliveries}` },
      {
        timestamp: this.server.now(),
        webhookEvent,
        user: { accountId: by, displayName: by },
        issue: { id, key, fields: { labels, status: { name: status } } },
        ...more,
      },
    );
  }
}

function requestOf({ id, key, status }: Issue) {
  return {
    issueId: id,
    issueKey: key,
    currentStatus: { status },
    _links: { web: `/servicedesk/customer/portal/4/${key}` },
  };
}

function commentsOf({ comments }: Issue, parameters: URLSearchParams): VendorAnswer {
  const start = Number(parameters.get('start') ?? 0);
  const limit = Number(parameters.get('limit') ?? 50);
  const values = comments.slice(start, start + limit).map(({ id, body, isPublic }) => ({ id, body, public: isPublic }));
  return json(200, { values, start, limit, isLastPage: start + limit >= comments.length });
}
