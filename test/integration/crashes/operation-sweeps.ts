import { frameCards, operationCards } from '../../operations/kit/cards.ts';
import { functionAnswering, functionServing } from '../system/operations.ts';
import type { CrashWorld } from './crash-world.ts';
import type { CrashScript } from './sweep.ts';

export interface NamedSweep {
  readonly name: string;
  /** Names without the stage's prefix. */
  readonly functions: readonly string[];
  readonly script: (world: CrashWorld) => CrashScript;
}

/** Lanes call different functions, so they can run concurrently. */
type Lane = 'accounts' | 'files' | 'others';

const laneOfFunction: Readonly<Record<string, Lane>> = {
  auth: 'accounts',
  // Guests sign in with auth.
  guests: 'accounts',
  attachments: 'files',
};

const served = [
  ...operationCards.map(({ route, crash }) => ({ crash, functionName: functionServing(route) })),
  ...frameCards.map(({ action, crash }) => ({ crash, functionName: functionAnswering(action) })),
];

export const operationSweeps: Readonly<Record<Lane, readonly NamedSweep[]>> = {
  accounts: sweepsIn('accounts'),
  files: sweepsIn('files'),
  others: sweepsIn('others'),
};

function sweepsIn(lane: Lane): readonly NamedSweep[] {
  return served.flatMap(({ crash, functionName }) =>
    'sweeps' in crash && (laneOfFunction[functionName] ?? 'others') === lane
      ? Object.entries(crash.sweeps).map(([name, script]) => ({ name, functions: [functionName], script }))
      : [],
  );
}
