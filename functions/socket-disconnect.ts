import { disconnect } from '../shared/realtime/disconnect.ts';

export const handler = disconnect;
