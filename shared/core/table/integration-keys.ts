import { idIn, type Key, keyOf, millisecondDigits, ofUser, type PlatformKey } from './keys.ts';

/** Keys of what leaves the system and comes in. Separate from `keys`, so that functions without it do not contain them. */

export const suppressionKeys = {
  /** `hash` is the keyed hash of the address. */
  suppression: (hash: string) => keyOf('SUPPRESSIONS', hash),
} as const;

/** All webhooks of a tenant share a partition, so that one query reads them for an event. */
export const webhookKey = (webhookId: string): Key => keyOf('WEBHOOKS', webhookId);
/** Changes whenever a webhook is created or deleted. */
export const webhookListKey = (): Key => keyOf('WEBHOOK-LIST', 'REVISION');

const lanesPartition = 'LANES#';
const laneSortPrefix = 'L#';

/** Of the lanes to a destination, such as `webhook/01J…`. Separate from `keys`, for the same reason. */
export const laneKeys = {
  lane: (destination: string, lane: string) => keyOf(lanesPartition + destination, laneSortPrefix + lane),
  /** A lane that waits until its destination works. */
  parked: (destination: string, lane: string) => keyOf(lanesPartition + destination, `P#${lane}`),
  gate: (destination: string) => keyOf(lanesPartition + destination, 'GATE'),
  replay: (destination: string) => keyOf(lanesPartition + destination, 'REPLAY'),
  /** A delivery that waits in its lane. */
  pending: (destination: string, lane: string, position: string) => keyOf(`PENDING#${destination}#${lane}`, position),
  delivery: (destination: string, deliveryId: string) => keyOf(`DELIVERIES#${destination}`, deliveryId),
} as const;

/** Wake-ups of these items go to the queue of lanes. */
export function isOfLanes({ pk }: Pick<Key, 'pk'>): boolean {
  return pk.startsWith(lanesPartition);
}

export const destinationOf = (key: Pick<Key, 'pk'>): string => idIn(lanesPartition, key);

/** Undefined for a gate or a replay. */
export function laneOf({ sk }: Pick<Key, 'sk'>): string | undefined {
  return sk.startsWith(laneSortPrefix) ? sk.slice(laneSortPrefix.length) : undefined;
}

/** Separate from `keys`, so that functions without pushes do not contain them. */
export const deviceKeys = {
  /** One item, so that one batch reads those of 100 users. */
  devices: (userId: string) => ofUser(userId, 'DEVICES'),
  /** Records that a device got the push of an event. */
  sentPush: (eventId: string, userId: string, deviceId: string) => keyOf(`PUSHED#${eventId}`, `${userId}#${deviceId}`),
  /** The only user whose pushes an endpoint of SNS receives. */
  endpoint: (endpointArn: string): PlatformKey => ({ platform: true, pk: `ENDPOINT#${endpointArn}`, sk: 'OWNER' }),
} as const;

const meterPartition = 'METER#';
const deliveryPrefix = 'D#';

/** Separate from `keys`, so that functions without incidents do not contain them. */
export const incidentKeys = {
  source: (sourceId: string) => keyOf('SOURCES', sourceId),
  /** The newest delivery of a source sorts last, because its id begins with its time. */
  delivery: (sourceId: string, deliveryId: string) => keyOf(`SOURCE#${sourceId}`, `${deliveryPrefix}${deliveryId}`),
  payload: (deliveryId: string) => keyOf(`DELIVERY#${deliveryId}`, 'PAYLOAD'),
  /** The effect of one incident of a delivery. */
  effect: (deliveryId: string, index: number) => keyOf(`DELIVERY#${deliveryId}`, `E#${String(index).padStart(3, '0')}`),
  /** By which a repeated delivery is recognised. */
  seen: (sourceId: string, identity: string) => keyOf(`SEEN#${sourceId}#${identity}`, 'DELIVERY'),
  /** `hash` is a keyed hash of the incident's key. */
  incident: (sourceId: string, hash: string) => keyOf(`INCIDENT#${sourceId}#${hash}`, 'STATE'),
  /** The conversation that an incident opened. */
  start: (startId: string) => keyOf(`INCIDENTSTART#${startId}`, 'START'),
  /** Counts what a source does in a window. */
  meter: (sourceId: string, windowStart: number, subject: string) =>
    keyOf(`${meterPartition}${sourceId}`, `${String(windowStart).padStart(millisecondDigits, '0')}#${subject}`),
} as const;

export const deliveriesOf = (sourceId: string) => ({
  pk: incidentKeys.delivery(sourceId, '').pk,
  beginsWith: deliveryPrefix,
});

export function isMeter({ pk }: Pick<Key, 'pk'>): boolean {
  return pk.startsWith(meterPartition);
}

const ticketPartition = 'TICKET#';
const ticketSortKey = 'LINK';
const receivedPartition = 'TICKET-CHANGE#';

/** Separate from `keys`, so that functions without tickets do not contain them. */
export const integrationKeys = {
  integration: (integrationId: string) => keyOf('INTEGRATIONS', integrationId),
  health: (integrationId: string) => keyOf(`INTEGRATION#${integrationId}`, 'HEALTH'),
  ticket: (conversationId: string) => keyOf(`${ticketPartition}${conversationId}`, ticketSortKey),
  /** The conversation of a ticket. */
  externalTicket: (integrationId: string, externalId: string) =>
    keyOf(`INTEGRATION#${integrationId}`, `EXTERNAL#${externalId}`),
  /** A comment in the other system, with the side that wrote it. */
  comment: (integrationId: string, commentId: string) => keyOf(`INTEGRATION#${integrationId}`, `COMMENT#${commentId}`),
  received: (integrationId: string, deliveryId: string) => keyOf(`${receivedPartition}${integrationId}`, deliveryId),
  /** For an index over the tickets in a state. */
  ticketsIn: (integrationId: string, state: string) => `TICKETS#${integrationId}#${state}`,
} as const;

export const isTicket = ({ pk, sk }: Pick<Key, 'pk' | 'sk'>): boolean =>
  pk.startsWith(ticketPartition) && sk === ticketSortKey;
export const ticketConversationOf = (key: Pick<Key, 'pk'>): string => idIn(ticketPartition, key);
export const isReceivedChange = ({ pk }: Pick<Key, 'pk'>): boolean => pk.startsWith(receivedPartition);
export const receivedChangeOf = (key: Pick<Key, 'pk' | 'sk'>) => ({
  integrationId: idIn(receivedPartition, key),
  deliveryId: key.sk,
});

/** Names the tenant of an integration. */
export const integrationOwnerKey = (integrationId: string): PlatformKey => ({
  ...{ platform: true, pk: `INTEGRATION#${integrationId}`, sk: 'OWNER' },
});
