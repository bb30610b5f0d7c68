import { serveTimers } from '../shared/transport/timers.ts';

export const handler = serveTimers([]);
