import type { Resource } from '../contract.ts';

/** A property that may be a string or a number in the template. */
export function propertyText(resource: Resource | undefined, property: string): string | undefined {
  const value = resource?.properties[property];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
