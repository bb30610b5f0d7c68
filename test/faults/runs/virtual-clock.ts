import { parentPort } from 'node:worker_threads';

/** Has this thread's clock show what its newest request says: writers live through weeks in minutes. */
let at: number | undefined;
const machineNow = Date.now.bind(Date);
Date.now = () => at ?? machineNow();

parentPort?.on('message', (request: { readonly at?: number }) => {
  at = request.at;
});
