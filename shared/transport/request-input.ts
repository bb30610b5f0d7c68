import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FieldError } from '../contract/kit/define-problem.ts';
import type { Route } from '../contract/kit/define-route.ts';
import { validationFailed } from '../contract/problems.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { jsonBody } from './json-body.ts';
import { pointer, validate, validationDetails } from './validation.ts';

/** Returns path parameters, query and body in one validated object, or a refusal with all errors. */
export function readInput(route: Route, event: APIGatewayProxyEventV2): { readonly input: object } | Refusal {
  const body = route.body === undefined ? { json: undefined, errors: [] } : jsonBody(event);
  if (isRefusal(body)) return body;

  const errors: FieldError[] = [...body.errors];
  const params: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(route.params)) {
    const checked = validate(schema, 'path', event.pathParameters?.[name]);
    if (checked.valid) params[name] = checked.value;
    else errors.push(...checked.errors.map((error) => ({ ...error, pointer: `/path/${name}` })));
  }
  errors.push(...malformedQuery(event.rawQueryString));
  const query = validate(route.query, 'query', event.queryStringParameters ?? {});
  if (!query.valid) errors.push(...query.errors);
  const payload = route.body === undefined ? undefined : validate(route.body, 'body', body.json);
  if (payload !== undefined && !payload.valid) errors.push(...payload.errors);
  if (errors.length > 0) return refuse(validationFailed, validationDetails(errors));
  return { input: { ...params, ...(query.valid && query.value), ...(payload?.valid && payload.value) } };
}

export function partOf(route: Route, member: string): string {
  if (member in route.params) return 'path';
  return member in route.query.def.shape ? 'query' : 'body';
}

/** API Gateway replaces invalid UTF-8 in parsed parameters. */
function malformedQuery(query: string): FieldError[] {
  return query.split('&').flatMap((parameter) => {
    try {
      decodeURIComponent(parameter);
      return [];
    } catch {
      const name = /^[\w-]*/.exec(parameter)?.[0] ?? '';
      return [
        { pointer: pointer(['query', name]), code: 'malformed_encoding', detail: 'must be UTF-8, percent-encoded' },
      ];
    }
  });
}
