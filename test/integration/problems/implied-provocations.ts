import type { Fault } from '../../../local/fault-plan.ts';
import type {
  bodyProblems,
  failureProblems,
  inputProblems,
  roleProblems,
  sessionProblems,
} from '../../../shared/contract/problems.ts';
import type { HttpAnswer } from '../raw-client.ts';
import type { Provocation, ProvokedOperation } from './provocation.ts';
import type { GoodRequest } from './send-request.ts';
import type { Stage } from './stage.ts';

type Implied =
  | (typeof inputProblems)[number]['name']
  | (typeof bodyProblems)[number]['name']
  | (typeof sessionProblems)[number]['name']
  | (typeof roleProblems)[number]['name']
  | (typeof failureProblems)[number]['name'];

/** Fails every AWS call of new environments, including the SDK's retries. */
function whileFailing(stage: Stage, { send, functionName }: ProvokedOperation, fault: Fault): Promise<HttpAnswer> {
  return stage.faults.during(
    (planned) => (planned.functionName === functionName ? fault : undefined),
    () => send(),
  );
}

export function impliedProvocations(goodRequest: (stage: Stage) => GoodRequest): {
  readonly [Name in Implied]: Provocation;
} {
  return {
    'validation-failed': {
      provoke: (stage, { send }) => send({ query: { ...goodRequest(stage).query, 'sur/prise': 'x' } }),
      pointers: ['/query/sur~1prise'],
    },
    'malformed-json': { provoke: (_, { send }) => send({ raw: { raw: '{"unfinished": ' } }) },
    'unsupported-media-type': {
      provoke: (_, { send }) => send({ raw: { raw: 'key=value', headers: { 'content-type': 'text/plain' } } }),
    },
    'payload-too-large': { provoke: (_, { send }) => send({ body: { padding: 'x'.repeat(160 * 1024) } }) },
    unauthenticated: { provoke: (_, { send }) => send({ by: undefined }) },
    forbidden: {
      provoke: (stage, { send }) => send({ by: goodRequest(stage).by === stage.guest ? stage.alice : stage.guest }),
    },
    'internal-error': {
      provoke: (stage, operation) =>
        whileFailing(stage, operation, { kind: 'status', status: 400, code: 'AccessDeniedException' }),
    },
    'service-busy': { provoke: (stage, operation) => whileFailing(stage, operation, { kind: 'throttle' }) },
  };
}
