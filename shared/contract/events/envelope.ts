import * as z from 'zod/mini';
import { tenantId, timestamp } from '../schemas/ids.ts';

/** What the bus carries in `detail`. `id` is the same at every delivery: consumers are idempotent by it. */
export const busEnvelope = z.object({
  id: z.string(),
  type: z.string(),
  version: z.int(),
  tenantId,
  at: timestamp,
  data: z.record(z.string(), z.unknown()),
});
export type BusEnvelope = z.infer<typeof busEnvelope>;
