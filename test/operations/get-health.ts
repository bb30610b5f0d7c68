import { getHealth } from '../../shared/contract/health/get-health.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getHealth, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {
    unhealthy: {
      provoke: (stage, { send, functionName }) =>
        stage.faults.during(
          (planned) =>
            planned.functionName === functionName && planned.operation === 'DescribeKey'
              ? { kind: 'throttle' }
              : undefined,
          () => send(),
        ),
    },
  },
  ...readsOnly,
  walk: async (scene) => {
    await scene.answer(200, 'GET', '/healthz');
  },
});
