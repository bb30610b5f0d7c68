import { describe, expect, it } from 'vitest';
import { actions, routes } from '../../../shared/contract/registry.ts';
import { cardFiles, filedCards, frameCards, nameOf, operationCards } from './cards.ts';
import { readsOnly } from './define-card.ts';

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('test/operations', () => {
  it('has one card for each operation and action of the registry, and no other', () => {
    const names = [...routes.map(({ operationId }) => operationId), ...actions.map(({ action }) => action)];
    expect(filedCards.map(({ card }) => nameOf(card)).sort()).toEqual(names.sort());
  });

  it('names each file after its operation, or after its action if that has no operation', () => {
    const expected = cardFiles.map((file) => {
      const cards = filedCards.filter((filed) => filed.file === file).map(({ card }) => card);
      const [first] = [...cards.filter((card) => 'route' in card), ...cards];
      return `${kebabCase(first === undefined ? 'no card' : nameOf(first))}.ts`;
    });
    expect(cardFiles).toEqual(expected);
  });

  it('declares an operation as reading only if the contract declares its route safe', () => {
    const reading = operationCards.filter(({ crash, replay }) => [crash, replay].some(isOfReading));
    expect(reading.filter(({ route }) => route.idempotent !== 'safe').map(nameOf)).toEqual([]);
    expect(frameCards.filter(({ crash, replay }) => [crash, replay].some(isOfReading)).map(nameOf)).toEqual([]);
  });

  it('names an operation that has sweeps in every sweptBy', () => {
    const cards = [...operationCards, ...frameCards];
    const swept = new Set(cards.filter(({ crash }) => 'sweeps' in crash).map(nameOf));
    const sweptBy = cards.flatMap(({ crash }) => ('sweptBy' in crash ? [crash.sweptBy] : []));
    expect(sweptBy.filter((name) => !swept.has(name))).toEqual([]);
  });

  it('gives every sweep a different name', () => {
    const names = [...operationCards, ...frameCards].flatMap(({ crash }) =>
      'sweeps' in crash ? Object.keys(crash.sweeps) : [],
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

function isOfReading(part: unknown): boolean {
  return part === readsOnly.crash || part === readsOnly.replay;
}
