import { Worker } from 'node:worker_threads';
import type { SendAnswer, SendRequest } from './writer.ts';

export interface WriterPool {
  /** The outcome is `killed` if the writer was killed before it answered. */
  send(request: Omit<SendRequest, 'call'>): Promise<Omit<SendAnswer, 'call'>>;
  killOne(index: number): Promise<void>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly request: SendRequest;
  readonly resolve: (answer: Omit<SendAnswer, 'call'>) => void;
  readonly reject: (error: unknown) => void;
}

/** Each writer does one send at a time, like a Lambda environment. */
export function startWriters(script: string, count: number, environment: NodeJS.ProcessEnv, data: unknown): WriterPool {
  const queue: Waiting[] = [];
  let calls = 0;

  const slots = Array.from({ length: count }, () => {
    const slot: { worker: Worker; current: Waiting | undefined } = { worker: newWorker(), current: undefined };
    return slot;
  });

  function newWorker(): Worker {
    return new Worker(script, { env: environment, workerData: data });
  }

  function listen(slot: (typeof slots)[number]): void {
    slot.worker.on('error', (error) => slot.current?.reject(error));
    slot.worker.on('message', (answer: SendAnswer) => {
      if (slot.current?.request.call !== answer.call) return;
      slot.current.resolve(answer);
      slot.current = undefined;
      next(slot);
    });
  }

  function next(slot: (typeof slots)[number]): void {
    if (slot.current !== undefined) return;
    slot.current = queue.shift();
    if (slot.current !== undefined) slot.worker.postMessage(slot.current.request);
  }

  slots.forEach(listen);
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        calls += 1;
        queue.push({ request: { ...request, call: calls }, resolve, reject });
        const free = slots.find((slot) => slot.current === undefined);
        if (free !== undefined) next(free);
      }),
    killOne: async (index) => {
      const slot = slots[index % count];
      if (slot === undefined) return;
      const old = slot.worker;
      slot.current?.resolve({ outcome: 'killed' });
      slot.current = undefined;
      slot.worker = newWorker();
      listen(slot);
      next(slot);
      await old.terminate();
    },
    stop: async () => {
      await Promise.all(slots.map((slot) => slot.worker.terminate()));
    },
  };
}
