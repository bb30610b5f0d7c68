import { afterAll } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** CPU time of the worker process while it ran the file, functions of the local run included. */
    cpuMs?: number;
  }
}

const before = process.cpuUsage();

// Vitest rejects a first parameter that is not destructured.
afterAll(({}, file) => {
  const { user, system } = process.cpuUsage(before);
  file.meta.cpuMs = (user + system) / 1000;
});
