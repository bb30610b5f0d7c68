import type { Assembly } from '../../contract.ts';

interface CorsRule {
  readonly AllowedOrigins?: readonly string[];
  readonly AllowedMethods?: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

export interface CrossOrigin {
  /** Undefined for a preflight request that no rule allows. */
  headers(
    bucket: string,
    request: Readonly<Record<string, string>>,
    method: string,
  ): Record<string, string> | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
export function bucketCrossOrigin(assembly: Assembly, rewrite: (value: string) => string): CrossOrigin {
  const rules = new Map(
    assembly.ofType('AWS::S3::Bucket').map((bucket) => {
      const configuration = bucket.properties['CorsConfiguration'] as { CorsRules?: readonly CorsRule[] } | undefined;
      return [bucket.physicalId, configuration?.CorsRules ?? []];
    }),
  );
  return {
    headers: (bucket, request, method) => {
      const origin = request['origin'];
      if (origin === undefined) return {};
      const wanted = method === 'OPTIONS' ? request['access-control-request-method'] : method;
      const rule = rules.get(bucket)?.find((candidate) => {
        const origins = candidate.AllowedOrigins ?? [];
        const isAllowed = origins.some((allowed) => matches(allowed, origin) || matches(rewrite(allowed), origin));
        return isAllowed && candidate.AllowedMethods?.includes(wanted ?? '') === true;
      });
      if (rule === undefined) return method === 'OPTIONS' ? undefined : {};
      return headersOf(rule, origin, request);
    },
  };
}

function headersOf(rule: CorsRule, origin: string, request: Readonly<Record<string, string>>): Record<string, string> {
  const asked = (request['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const allowed = asked.filter((name) => rule.AllowedHeaders?.some((pattern) => matches(pattern.toLowerCase(), name)));
  return {
    'access-control-allow-origin': rule.AllowedOrigins?.includes('*') === true ? '*' : origin,
    'access-control-allow-methods': (rule.AllowedMethods ?? []).join(', '),
    ...(allowed.length === 0 ? {} : { 'access-control-allow-headers': allowed.join(', ') }),
    ...(rule.ExposedHeaders === undefined ? {} : { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    ...(rule.MaxAge === undefined ? {} : { 'access-control-max-age': String(rule.MaxAge) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function matches(pattern: string, value: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === value;
  const end = pattern.slice(star + 1);
  return value.length >= pattern.length - 1 && value.startsWith(pattern.slice(0, star)) && value.endsWith(end);
}
