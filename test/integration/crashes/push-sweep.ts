import { expect } from 'vitest';
import { conversationOf } from '../people.ts';
import { newToken, Phones } from '../push/phones.ts';
import { newMessage } from '../system/new-message.ts';
import { ask } from './crash-world.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import type { CrashScript } from './sweep.ts';

/** At most one push: a function that dies after it marked the push loses it. */
export const sendPush: NamedSweep = {
  name: 'send a push',
  functions: ['send-pushes'],
  script: (world): CrashScript<{ readonly phone: string; readonly seqs: number[] }> => {
    const phones = new Phones(world.test);
    return {
      prepare: async () => {
        const token = newToken();
        const answer = await phones.register(world.changer, token, { deviceId: 'swept' });
        expect(answer.status, answer.text).toBeLessThan(300);
        await phones.announceFirstDevice();
        return { phone: token, seqs: [] };
      },
      attempt: async ({ seqs }) => {
        const id = await conversationOf(world.test, world.alice, world.changer);
        const path = `/api/v1/conversations/${id}/messages`;
        const answer = await ask(world, world.alice, 'POST', path, newMessage());
        expect(answer.status, answer.text).toBe(201);
        seqs.push(answer.body.seq as number);
        await world.test.run.settled();
      },
      check: async ({ phone, seqs }, point) => {
        const received = (await phones.received(phone)).map(({ payload }) => payload.seq as number);
        // After a lost reply, the client of SNS sends again. The device shows one of both.
        expect(new Set(received).size).toBeLessThanOrEqual(1);
        if (point === undefined) expect(received).toEqual(seqs);
        // The next event reaches the phone.
        const id = await conversationOf(world.test, world.alice, world.changer);
        const next = await ask(world, world.alice, 'POST', `/api/v1/conversations/${id}/messages`, newMessage());
        expect((await phones.received(phone)).map(({ payload }) => payload.seq)).toContain(next.body.seq);
      },
    };
  },
};
