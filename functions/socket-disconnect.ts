import { disconnect } from '../shared/features/sockets/disconnect.ts';

export const handler = disconnect;
