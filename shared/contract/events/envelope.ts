import * as z from 'zod/mini';
import { tenantId, timestamp } from '../schemas/ids.ts';

/** What the bus carries in `detail`. `id` is the same at every delivery: consumers are idempotent by it. */
export const busEnvelope = z.object({
  id: z.string().check(
    z.meta({
      description: 'The same at every delivery: be idempotent by it',
      examples: ['01KAJ76X8FHAK2M5P8R1T4W7YZ'],
    }),
  ),
  type: z.string().check(z.meta({ description: 'What happened', examples: ['message.created'] })),
  version: z.int().check(z.meta({ description: 'Version of `data`', examples: [1] })),
  tenantId,
  at: timestamp,
  data: z.record(z.string(), z.unknown()),
});
export type BusEnvelope = z.infer<typeof busEnvelope>;
