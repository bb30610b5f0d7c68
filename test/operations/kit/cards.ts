import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { actions, routes } from '../../../shared/contract/registry.ts';
import type { FrameCard, OperationCard } from './define-card.ts';

/** In the registry's order. The import fails if an operation or an action has no card. */

const folder = join(import.meta.dirname, '..');
export const cardFiles = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();

export interface FiledCard {
  readonly file: string;
  readonly card: OperationCard | FrameCard;
}

const modules = await Promise.all(
  cardFiles.map(async (file) => {
    const exported = (await import(`../${basename(file, '.ts')}.ts`)) as Readonly<
      Record<string, OperationCard | FrameCard>
    >;
    return Object.values(exported).map((card): FiledCard => ({ file, card }));
  }),
);
export const filedCards: readonly FiledCard[] = modules.flat();

const found = filedCards.map(({ card }) => card);

export const operationCards: readonly OperationCard[] = routes
  .filter(({ operationId }) => found.some((c) => 'route' in c && c.route.operationId === operationId))
  .map(({ operationId }) => {
    const card = found.find((candidate) => 'route' in candidate && candidate.route.operationId === operationId);
    if (card === undefined || !('route' in card)) throw new Error(`test/operations has no card for ${operationId}`);
    return card;
  });

export const frameCards: readonly FrameCard[] = actions.map(({ action }) => {
  const card = found.find((candidate) => 'action' in candidate && candidate.action.action === action);
  if (card === undefined || !('action' in card)) throw new Error(`test/operations has no card for ${action}`);
  return card;
});

/** `sendMessage` or `message.send`. */
export function nameOf(card: OperationCard | FrameCard): string {
  return 'route' in card ? card.route.operationId : card.action.action;
}

export const operationCardOf = (operationId: string) => cardNamed(operationCards, operationId);
export const frameCardOf = (action: string) => cardNamed(frameCards, action);

function cardNamed<Card extends OperationCard | FrameCard>(cards: readonly Card[], name: string): Card {
  const card = cards.find((candidate) => nameOf(candidate) === name);
  if (card === undefined) throw new Error(`There is no card for ${name}`);
  return card;
}
