import * as z from 'zod/mini';
import { sinks } from '../kit/sinks.ts';
import { tenantId, timestamp } from '../schemas/ids.ts';

export const busEnvelope = z.object({
  id: z.string().check(
    z.meta({
      description: 'Id of the event, the same at every delivery. Use it to process each event once.',
      examples: ['01KAJ76X8FHAK2M5P8R1T4W7YZ'],
    }),
  ),
  type: z.string().check(z.meta({ description: 'Type of the event', examples: ['message.created'] })),
  version: z.int().check(z.meta({ description: 'Version of `data`', examples: [1] })),
  tenantId,
  at: timestamp,
  sinks: z.optional(
    z
      .array(z.enum(sinks))
      .check(z.describe('Where events of the tenant leave the system, if anywhere. It changes within 30 seconds.')),
  ),
  data: z.record(z.string(), z.unknown()),
});
export type BusEnvelope = z.infer<typeof busEnvelope>;
