import * as z from 'zod/mini';
import type { Priority } from './support.ts';

const minutes = z
  .int()
  .check(
    z.minimum(1, 'must be at least 1 minute'),
    z.maximum(525_600, 'must be at most 525600 minutes, which is a year'),
    z.meta({ examples: [240] }),
  );

const targets = z.partial(
  z.strictObject({
    firstResponseMinutes: minutes.check(z.describe('From the opening to the first reply of a person')),
    nextResponseMinutes: minutes.check(z.describe('From the first unanswered message of the customer to the reply')),
    resolutionMinutes: minutes.check(z.describe('From the opening until the conversation is resolved or closed')),
  }),
);

/** Targets in business minutes. An absent one has its value from {@link defaultSlaTargets}. */
export const slaPolicy = z
  .partial(z.strictObject({ low: targets, medium: targets, high: targets, urgent: targets }))
  .check(z.describe('Targets of the service level in business minutes, by priority. An absent one has its default.'));
export type SlaPolicy = z.infer<typeof slaPolicy>;

export interface SlaTargets {
  readonly firstResponseMinutes: number;
  readonly nextResponseMinutes: number;
  readonly resolutionMinutes: number;
}

const hour = 60;

export const defaultSlaTargets: Readonly<Record<Priority, SlaTargets>> = {
  low: { firstResponseMinutes: 48 * hour, nextResponseMinutes: 48 * hour, resolutionMinutes: 48 * hour },
  medium: { firstResponseMinutes: 12 * hour, nextResponseMinutes: 12 * hour, resolutionMinutes: 12 * hour },
  high: { firstResponseMinutes: 4 * hour, nextResponseMinutes: 4 * hour, resolutionMinutes: 4 * hour },
  urgent: { firstResponseMinutes: 15, nextResponseMinutes: 15, resolutionMinutes: hour },
};

/** Whether the resolution clock pauses while the desk waits for the customer. */
export const slaPausesForCustomer = z
  .boolean()
  .check(z.describe('Whether the time to resolution pauses after a reply, until the customer answers'));
export const defaultSlaPausesForCustomer = true;
