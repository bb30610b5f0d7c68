import { parentPort } from 'node:worker_threads';

/** Sets this thread's clock to the time of its newest request. */
let at: number | undefined;
const machineNow = Date.now.bind(Date);
Date.now = () => at ?? machineNow();

parentPort?.on('message', (request: { readonly at?: number }) => {
  at = request.at;
});
