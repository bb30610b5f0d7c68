import type { Resource } from '../contract.ts';

export function propertyText(resource: Resource | undefined, property: string): string | undefined {
  const value = resource?.properties[property];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
