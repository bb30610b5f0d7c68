/** The message names the part and how to supply it. */
export class MissingPartError extends Error {
  readonly part: string;

  constructor(part: string, remedy: string) {
    super(`This platform has no ${part}: ${remedy}`);
    this.name = 'MissingPartError';
    this.part = part;
  }
}

export interface PlatformParts {
  readonly fetch?: unknown;
  readonly WebSocket?: unknown;
}

/**
 * The client uses nothing else that is newer than ES2022 or restricted to secure contexts.
 *
 * @throws MissingPartError for the first missing part.
 */
export function checkPlatform({ fetch, WebSocket }: PlatformParts): void {
  const { crypto, AbortController } = globalThis as Partial<typeof globalThis>;
  const isFunction = (value: unknown): boolean => typeof value === 'function';
  const needs: readonly (readonly [boolean, string, string])[] = [
    [isFunction(fetch ?? globalThis.fetch), 'fetch', 'use Node 18 or later, or pass the option `fetch`'],
    [
      isFunction(WebSocket ?? globalThis.WebSocket),
      'WebSocket',
      'use Node 22 or later, or pass the option `WebSocket` from the package ws',
    ],
    [
      crypto !== undefined && 'getRandomValues' in crypto,
      'crypto.getRandomValues',
      'in React Native, import react-native-get-random-values before anything else; in Node, use version 20 or later',
    ],
    [isFunction(AbortController), 'AbortController', 'import abort-controller/polyfill before anything else'],
  ];
  for (const [isPresent, part, remedy] of needs) if (!isPresent) throw new MissingPartError(part, remedy);
}
