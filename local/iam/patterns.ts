/** `key` is in lower case. */
export type Lookup = (key: string) => string | readonly string[] | undefined;

export type Pattern = (value: string, lookup: Lookup) => boolean;

const variable = /\$\{([^}]+)\}/g;
const mostExpanded = 10_000;

/**
 * Stars in a variable's value are not wildcards. A variable without a value matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compilePattern(pattern: string, options: { readonly ignoreCase?: boolean } = {}): Pattern {
  const flags = options.ignoreCase === true ? 'is' : 's';
  if (pattern === '*') return () => true;
  if (!pattern.includes('${')) {
    const expression = new RegExp(`^${wildcards(pattern)}$`, flags);
    const star = pattern.indexOf('*');
    if (options.ignoreCase !== true && !pattern.includes('?')) {
      if (star < 0) return (value) => value === pattern;
      const beginning = pattern.slice(0, -1);
      if (star === pattern.length - 1) return (value) => value.startsWith(beginning);
    }
    return (value) => expression.test(value);
  }
  const expanded = new Map<string, RegExp>();
  return (value, lookup) => {
    const source = expand(pattern, lookup);
    if (source === undefined) return false;
    let expression = expanded.get(source);
    if (expression === undefined) {
      if (expanded.size >= mostExpanded) expanded.clear();
      expression = new RegExp(`^${source}$`, flags);
      expanded.set(source, expression);
    }
    return expression.test(value);
  };
}

/** Undefined if a variable has no value. */
export function substituteVariables(text: string, lookup: Lookup): string | undefined {
  if (!text.includes('${')) return text;
  let complete = true;
  const result = text.replaceAll(variable, (_whole, name: string) => {
    const value = valueOf(name, lookup);
    if (value === undefined) complete = false;
    return value ?? '';
  });
  return complete ? result : undefined;
}

function expand(pattern: string, lookup: Lookup): string | undefined {
  let source = '';
  let from = 0;
  for (const match of pattern.matchAll(variable)) {
    const value = valueOf(match[1] ?? '', lookup);
    if (value === undefined) return undefined;
    source += wildcards(pattern.slice(from, match.index)) + literal(value);
    from = match.index + match[0].length;
  }
  return source + wildcards(pattern.slice(from));
}

function valueOf(name: string, lookup: Lookup): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const [key = '', otherwise] = name.split(',').map((part) => part.trim());
  const value = lookup(key.toLowerCase());
  if (typeof value === 'string') return value;
  return otherwise?.replaceAll("'", '');
}

function wildcards(text: string): string {
  return literal(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
