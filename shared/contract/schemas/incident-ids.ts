import * as z from 'zod/mini';
import { id } from './ids.ts';

export const sourceId = id.check(
  z.meta({
    description: 'Id of the source, a ULID with 80 random bits. Only its sender and your admins need to know it.',
    examples: ['01KAJ7FWQG2N5R8T1V4X7Z0B3D'],
  }),
);
export const deliveryId = id.check(
  z.meta({ description: 'Id of the delivery, a ULID', examples: ['01KAJ7GXRH3P6S9V2X5Z8B1D4F'] }),
);
