/** A value of outside data as text, if it is one (or a number or boolean, which CloudFormation treats alike). */
export function textOf(value: unknown, otherwise = ''): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise;
}
