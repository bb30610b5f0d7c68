import type { Resource } from '../contract.ts';

/** A property of a resource that is a text in every template; numbers are taken for their digits. */
export function propertyText(resource: Resource | undefined, property: string): string | undefined {
  const value = resource?.properties[property];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
