import type { ApiResponse } from './exchange.ts';
import type { RequestPayload } from './payload-version-2.ts';

export type Authorization =
  /** `context` becomes `requestContext.authorizer`. */
  | { readonly kind: 'allowed'; readonly context: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly response: ApiResponse };

export type Authorizer = (payload: RequestPayload, routeArn: string) => Promise<Authorization>;

/**
 * @returns undefined if a value is missing or empty. API Gateway then rejects the request without calling the
 *   authorizer.
 */
export function identityValues(
  sources: readonly string[],
  payload: Pick<RequestPayload, 'headers' | 'queryStringParameters' | 'requestContext' | 'stageVariables'>,
): string[] | undefined {
  const values: string[] = [];
  for (const source of sources) {
    const value = identityValue(source, payload);
    if (value === undefined || value === '') return undefined;
    values.push(value);
  }
  return values;
}

function identityValue(
  source: string,
  payload: Pick<RequestPayload, 'headers' | 'queryStringParameters' | 'requestContext' | 'stageVariables'>,
): string | undefined {
  const [, kind, name] = /^(?:\$|route\.)?(?:request\.)?(header|querystring|context|stageVariables)\.(.+)$/.exec(
    source,
  ) ?? [undefined, undefined, undefined];
  if (kind === undefined || name === undefined) throw new Error(`"${source}" is not an identity source.`);
  switch (kind) {
    case 'header':
      return payload.headers[name.toLowerCase()];
    case 'querystring':
      return payload.queryStringParameters?.[name];
    case 'stageVariables':
      return payload.stageVariables?.[name];
    default: {
      let value: unknown = payload.requestContext;
      for (const key of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
      return typeof value === 'string' ? value : undefined;
    }
  }
}
