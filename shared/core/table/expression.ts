/** `#name` is the attribute of that name, and `:name` an entry of `values`. */
export interface Expression {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

export interface ExpressionAttributes {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

export const absent: Expression = { expression: 'attribute_not_exists(#pk)' };
export const present: Expression = { expression: 'attribute_exists(#pk)' };

export function expressionAttributes(...expressions: readonly (Expression | undefined)[]): ExpressionAttributes {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const part of expressions) {
    if (part === undefined) continue;
    for (const [placeholder] of part.expression.matchAll(/#[A-Za-z0-9_]+/g)) {
      const name = placeholder.slice(1);
      names[placeholder] = part.names?.[name] ?? name;
    }
    for (const [name, value] of Object.entries(part.values ?? {})) values[`:${name}`] = value;
  }
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}
