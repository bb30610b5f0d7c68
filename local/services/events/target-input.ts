export interface TargetInput {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

export interface RuleNames {
  readonly name: string;
  readonly arn: string;
}

/**
 * Returns JSON.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(target: TargetInput, event: Readonly<Record<string, unknown>>, rule: RuleNames): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(event, target.InputPath) ?? null);
  const transformer = target.InputTransformer;
  if (transformer === undefined) return JSON.stringify(event);
  const paths = transformer.InputPathsMap ?? {};
  const valueOf = (name: string): unknown => {
    switch (name) {
      case 'aws.events.event':
      case 'aws.events.event.json':
        return event;
      case 'aws.events.rule-name':
        return rule.name;
      case 'aws.events.rule-arn':
        return rule.arn;
      case 'aws.events.event.ingestion-time':
        return event['time'];
      default:
        return Object.hasOwn(paths, name) ? atPath(event, paths[name] ?? '') : undefined;
    }
  };
  return fill(transformer.InputTemplate, valueOf);
}

/** Text inside quotes, JSON elsewhere. */
function fill(template: string, valueOf: (name: string) => unknown): string {
  let result = '';
  let from = 0;
  let isQuoted = false;
  for (const match of template.matchAll(/<([\w.-]+)>/g)) {
    const between = template.slice(from, match.index);
    isQuoted = between.replaceAll(/\\./g, '').split('"').length % 2 === 0 ? !isQuoted : isQuoted;
    const value = valueOf(match[1] ?? '');
    result += between + (isQuoted ? quoted(value) : JSON.stringify(value ?? ''));
    from = match.index + match[0].length;
  }
  return result + template.slice(from);
}

function quoted(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

/** Such as `$.detail.items[0].name`. */
function atPath(event: unknown, path: string): unknown {
  let value = event;
  for (const [, member, index] of path.replace(/^\$/, '').matchAll(/\.([^.[]+)|\[(\d+)\]/g)) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[member ?? index ?? ''];
  }
  return value;
}
