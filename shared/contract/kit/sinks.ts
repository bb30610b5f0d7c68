/** Where events leave the system. A tenant pays for the events of a sink only while it uses the sink. */
export const sinks = ['push', 'webhooks', 'tickets', 'mail'] as const;
export type Sink = (typeof sinks)[number];
