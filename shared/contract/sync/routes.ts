import { catchUp } from './catch-up.ts';

export const syncRoutes = [catchUp] as const;
