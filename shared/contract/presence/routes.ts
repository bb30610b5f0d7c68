import { getPresence } from './get-presence.ts';
import { updatePresence } from './update-presence.ts';

export const presenceRoutes = [getPresence, updatePresence] as const;
