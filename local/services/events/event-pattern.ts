export type EventPattern = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

/**
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * @throws Error for an unsupported operator.
 */
export function compileEventPattern(pattern: unknown): EventPattern {
  return compileObject(pattern as Readonly<Record<string, unknown>>);
}

function compileObject(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const parts = Object.entries(pattern).map(([key, wanted]): EventPattern => {
    if (key === '$or') {
      // EventBridge takes it for the name of a member otherwise.
      // https://github.com/aws/event-ruler
      if (!Array.isArray(wanted) || wanted.length < 2) throw new Error('$or needs at least two alternatives.');
      const alternatives = (wanted as Readonly<Record<string, unknown>>[]).map(compileObject);
      return (event) => alternatives.some((alternative) => alternative(event));
    }
    if (Array.isArray(wanted)) {
      const tests = (wanted as unknown[]).map(compileLeaf);
      return (event) => matchesLeaf(memberOf(event, key), tests);
    }
    const inner = compileObject(wanted as Readonly<Record<string, unknown>>);
    return (event) => {
      const member = memberOf(event, key);
      return Array.isArray(member) ? member.some(inner) : inner(member);
    };
  });
  return (event) => parts.every((part) => part(event));
}

interface LeafTest {
  readonly test: Test;
  readonly whenAbsent: boolean;
}

function matchesLeaf(value: unknown, tests: readonly LeafTest[]): boolean {
  const values = (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isLeaf);
  // `exists` treats an object as absent.
  if (values.length === 0) return tests.some(({ whenAbsent }) => whenAbsent);
  return tests.some(({ test }) => values.some(test));
}

function isLeaf(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && value !== undefined);
}

function compileLeaf(wanted: unknown): LeafTest {
  if (wanted === null || typeof wanted !== 'object') {
    return { test: (value) => value === wanted, whenAbsent: false };
  }
  const [operator = '', argument] = Object.entries(wanted)[0] ?? [];
  if (operator === 'exists') return { test: () => argument === true, whenAbsent: argument === false };
  return { test: compileOperator(operator, argument), whenAbsent: false };
}

function compileOperator(operator: string, argument: unknown): Test {
  switch (operator) {
    case 'prefix':
      return onText(argument, (value, wanted) => value.startsWith(wanted));
    case 'suffix':
      return onText(argument, (value, wanted) => value.endsWith(wanted));
    case 'equals-ignore-case':
      return onText({ 'equals-ignore-case': argument }, (value, wanted) => value === wanted);
    case 'wildcard': {
      const expression = wildcard(String(argument));
      return (value) => typeof value === 'string' && expression.test(value);
    }
    case 'numeric':
      return compileNumeric(argument as readonly (string | number)[]);
    case 'anything-but':
      return compileAnythingBut(argument);
    default:
      throw new Error(`The local run does not support the event pattern operator ${operator}.`);
  }
}

/** A string, or `{ "equals-ignore-case": string }`. */
function onText(argument: unknown, compare: (value: string, wanted: string) => boolean): Test {
  if (typeof argument === 'string') return (value) => typeof value === 'string' && compare(value, argument);
  const wanted = String((argument as Readonly<Record<string, unknown>>)['equals-ignore-case']).toLowerCase();
  return (value) => typeof value === 'string' && compare(value.toLowerCase(), wanted);
}

function compileAnythingBut(argument: unknown): Test {
  if (argument !== null && typeof argument === 'object' && !Array.isArray(argument)) {
    const [operator = '', inner] = Object.entries(argument)[0] ?? [];
    const tests = (Array.isArray(inner) ? (inner as unknown[]) : [inner]).map((value) =>
      compileOperator(operator, value),
    );
    return (value) => !tests.some((test) => test(value));
  }
  const unwanted = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  return (value) => !unwanted.includes(value);
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** `[">", 0, "<=", 5]`: all must hold. */
function compileNumeric(argument: readonly (string | number)[]): Test {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const compare = comparisons[String(argument[index])];
    const limit = Number(argument[index + 1]);
    if (compare === undefined) throw new Error(`Numeric event patterns do not support ${String(argument[index])}.`);
    tests.push((value) => compare(value, limit));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's');
}

function memberOf(event: unknown, key: string): unknown {
  if (event === null || typeof event !== 'object') return undefined;
  return Object.hasOwn(event, key) ? (event as Readonly<Record<string, unknown>>)[key] : undefined;
}
