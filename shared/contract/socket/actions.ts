import { hello } from './hello.ts';
import { messageSend } from './message-send.ts';
import { ping } from './ping.ts';

export const socketActions = [hello, messageSend, ping] as const;
