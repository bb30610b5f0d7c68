import type { IncidentEvent } from '../../../contract/schemas/incident.ts';
import { objectAt, textAt, valueAt } from '../pointer-rules.ts';
import { type Adapter, labelsAt, linesOf, notOfThisKind, severityOf, timeOf, toIncident } from './adapter-rules.ts';

/**
 * Issues and comments of Jira. An issue is closed if its status is of the category `done`.
 * https://developer.atlassian.com/server/jira/platform/webhooks/
 */
export const jiraAdapter: Adapter = (payload, receivedAt) => {
  const type = textAt(payload, '/webhookEvent');
  const issue = objectAt(payload, '/issue');
  const key = textAt(issue, '/id');
  if (type === undefined || issue === undefined || key === undefined) return notOfThisKind;
  const event = eventOf(type, textAt(issue, '/fields/status/statusCategory/key'));
  if (event === undefined) return notOfThisKind;
  const priority = textAt(issue, '/fields/priority/name');
  const status = textAt(issue, '/fields/status/name');
  const incident = toIncident({
    key,
    event,
    severity: severityOf(priority),
    title: linesOf(textAt(issue, '/key'), textAt(issue, '/fields/summary')),
    // A comment may be internal, so its text stays in Jira.
    body: type.startsWith('comment_') ? 'Jira: the comments changed' : textAt(issue, '/fields/description'),
    url: browseUrl(textAt(issue, '/self'), textAt(issue, '/key')),
    occurredAt: timeOf(valueAt(payload, '/timestamp'), receivedAt),
    labels: {
      ...(priority === undefined ? {} : { priority: priority.slice(0, 200) }),
      ...(status === undefined ? {} : { status: status.slice(0, 200) }),
      ...labelsAt({ project: textAt(issue, '/fields/project/key'), type: textAt(issue, '/fields/issuetype/name') }, ''),
    },
    system: 'jira',
    number: textAt(issue, '/key'),
  });
  return [{ incident, item: issue }];
};

function eventOf(type: string, category: string | undefined): IncidentEvent | undefined {
  if (type === 'jira:issue_deleted') return 'close';
  if (type === 'jira:issue_created') return category === 'done' ? 'close' : 'open';
  // An update may have reopened the issue. If it is open, an opening event updates it.
  if (type === 'jira:issue_updated') return category === 'done' ? 'close' : 'open';
  return type.startsWith('comment_') ? 'update' : undefined;
}

/** The page of an issue, from the address of its resource. */
function browseUrl(self: string | undefined, key: string | undefined): string | undefined {
  if (self === undefined || key === undefined || !URL.canParse(self)) return undefined;
  return `${new URL(self).origin}/browse/${encodeURIComponent(key)}`;
}
