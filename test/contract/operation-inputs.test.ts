import { describe, expect, it } from 'vitest';
import { routes } from '../../shared/contract/registry.ts';

describe('the input of an operation', () => {
  it.each(routes.map((route) => [route.operationId, route] as const))(
    'has every name once in path, query and body: %s',
    (_operationId, route) => {
      const parts = [route.params, route.query.def.shape, route.body?.def.shape ?? {}];
      const names = parts.flatMap((part) => Object.keys(part));
      expect(new Set(names).size).toBe(names.length);
      for (const part of ['path', 'query', 'body', 'data']) expect(names).not.toContain(part);
    },
  );
});
