import type { Vendors } from '../far-sides/vendors.ts';

/** The tickets of the vendors, as a person sees them there. */
export function listVendorTickets({ serviceNow, jira }: Vendors): object {
  return { serviceNow: serviceNow.incidents, jira: jira.issues };
}

/**
 * Plays people and administrators at the vendors: `subscribe` a URL with its secret, `comment` and set a `status`.
 * @param name - a vendor or a ticket.
 * @returns undefined for an unknown name or verb.
 */
export function actAtVendor(vendors: Vendors, name: string, verb: string, query: URLSearchParams): object | undefined {
  const { serviceNow, jira } = vendors;
  const value = (key: string): string => query.get(key) ?? '';
  if (verb === 'subscribe') {
    const vendor = { 'service-now': serviceNow, jira }[name];
    if (vendor === undefined) return undefined;
    vendor.server.subscription = { url: value('url'), secret: value('secret') };
    return { subscribed: name };
  }
  const isInternal = query.get('internal') === 'true';
  if (jira.issues.some(({ key }) => key === name)) {
    if (verb === 'comment') return jira.comment(name, value('text'), !isInternal);
    if (verb !== 'status') return undefined;
    jira.setStatus(name, value('to'));
    return jira.issue(name);
  }
  if (!serviceNow.incidents.some(({ number }) => number === name)) return undefined;
  if (verb === 'comment') return serviceNow.write(name, isInternal ? 'work_notes' : 'comments', value('text'));
  if (verb !== 'status') return undefined;
  serviceNow.setState(name, value('to'));
  return serviceNow.incident(name);
}
