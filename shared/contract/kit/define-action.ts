import type * as z from 'zod/mini';
import type { Access } from '../permissions.ts';
import type { ProblemDefinition } from './define-problem.ts';
import type { ObjectSchema, Schema } from './define-route.ts';

export interface Action {
  readonly action: string;
  readonly access: Exclude<Access, 'public'>;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly data: ObjectSchema;
  readonly answer: { readonly type: string; readonly data: Schema };
  readonly problems: readonly ProblemDefinition[];
}

export function defineAction<
  const Name extends string,
  Data extends ObjectSchema,
  const Answer extends { readonly type: string; readonly data: Schema },
  const Problems extends readonly ProblemDefinition[],
>(action: {
  readonly action: Name;
  readonly access: Exclude<Access, 'public'>;
  readonly summary: string;
  readonly description?: string;
  readonly data: Data;
  readonly answer: Answer;
  readonly problems: Problems;
}) {
  return Object.freeze(action);
}

export type ActionData<A extends Action> = z.output<A['data']>;
export type ActionAnswer<A extends Action> = z.input<A['answer']['data']>;
export type ActionProblem<A extends Action> = A['problems'][number];
