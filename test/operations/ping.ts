import { expect } from 'vitest';
import { ping } from '../../shared/contract/sockets/ping.ts';
import { plainFrame } from '../integration/matrix/frame-cases.ts';
import { performFrame } from '../integration/replay/replay-stage.ts';
import { defineFrameCard } from './kit/define-card.ts';

export const frameCard = defineFrameCard(ping, {
  matrix: plainFrame('pong'),
  goodFrame: () => ({}),
  problems: {},
  crash: { writesNothing: 'It answers with the time.' },
  replay: (stage) => performFrame(stage, 'ping', {}),
  walk: async (scene) => {
    expect((await scene.request(await scene.socket(), 'ping', {})).type).toBe('pong');
  },
});
