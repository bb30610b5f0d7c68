import fc from 'fast-check';
import type { JsonSchema, SchemaWriter } from '../../../shared/contract/documents/json-schema.ts';
import type { Route } from '../../../shared/contract/kit/define-route.ts';
import type { Role } from '../../../shared/contract/schemas/user.ts';
import { allows } from '../../../shared/core/tenancy/permissions.ts';
import { largestBody } from '../../../shared/transport/json-body.ts';
import { acceptedJson } from './accepted-values.ts';
import { canary, hostileJson, hostileName, hostileText } from './hostile-values.ts';
import { jsonText } from './json-text.ts';
import type { ExistingValues } from './existing-values.ts';
import { mutated } from './mutations.ts';
import { ValidValues } from './valid-values.ts';

export interface FuzzRequest {
  readonly params: Readonly<Record<string, string>>;
  /** May be wrongly percent-encoded. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** True sends the body in base64, whatever its type. */
  readonly encoded: boolean;
  /** Absent without a session. */
  readonly by: Role | undefined;
  readonly sourceIp: string;
}

const roles: readonly (Role | undefined)[] = ['guest', 'member', 'agent', 'admin', 'staff', undefined];

const contentTypes = [
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json;',
  'text/json',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/octet-stream',
  '',
  ';',
  canary,
];

const strangeHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.record(
  {
    'content-type': fc.constantFrom(...contentTypes),
    'content-encoding': fc.constantFrom('gzip', 'br', canary),
    accept: fc.constantFrom('text/html', '*/*;q=0', canary),
    'accept-language': fc.constantFrom('de', `${canary};q=9`, '*'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', canary, '::1, ::1', `${'1.2.3.4, '.repeat(50)}`),
    'user-agent': fc.constantFrom(canary, '', 'x'.repeat(2_000)),
    'x-request-id': fc.constantFrom(canary, ''),
    'if-match': fc.constantFrom('*', canary),
    range: fc.constantFrom('bytes=0-', 'bytes=9-1'),
    cookie: fc.constantFrom(`a=${canary}; b`, ';;'),
    origin: fc.constantFrom('null', `https://${canary}.test`),
    'x-http-method-override': fc.constantFrom('DELETE'),
    'idempotency-key': fc.constantFrom(canary, ''),
    authorization: fc.constantFrom('', 'Bearer', `Bearer ${canary}`, `Basic ${canary}`, 'Bearer a.b.c'),
  },
  { requiredKeys: [] },
);

const noJson: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom('', '   ', '{', '[', 'null', '"x"', '7', 'true', '[]', '{}{}', '\ufeff{}', `${canary}=1&b=2`, '{"a":')
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(0xff, 0xc0, 0xed, 0xf8).map((byte) => Buffer.from([...Buffer.from('{"text":"'), byte, 0x22, 0x7d])),
  hostileText.map((text) => Buffer.from(text)),
);

const goodHeaders = { 'content-type': 'application/json', 'user-agent': 'fuzz' };

export interface RequestSettings {
  readonly writer: SchemaWriter;
  readonly existing: ExistingValues;
  /** How many of a thousand are valid. Few, where one costs a password hash. */
  readonly goodOfThousand?: number | undefined;
}

export function requestsOf(
  route: Route,
  { writer, existing, goodOfThousand = 350 }: RequestSettings,
): fc.Arbitrary<FuzzRequest> {
  const valid = new ValidValues(writer.components, existing);
  const allowed = allowedRoles(route);
  const params = Object.entries(route.params).map(([name, schema]) => {
    const good = valid.of(writer.write(schema), name).map(String);
    return [name, fc.oneof({ arbitrary: good, weight: 12 }, { arbitrary: hostileText, weight: 1 })] as const;
  });
  return fc
    .record({
      params: fc.record(Object.fromEntries(params)),
      query: queriesOf(writer.write(route.query), valid),
      headers: fc.oneof(
        { arbitrary: fc.constant(goodHeaders), weight: 8 },
        { arbitrary: strangeHeaders.map((strange) => ({ ...goodHeaders, ...strange })), weight: 1 },
      ),
      body: bodiesOf(route, writer, valid, goodOfThousand),
      encoded: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
      by: fc.oneof(
        { arbitrary: fc.constantFrom(...allowed), weight: 8 },
        // A member is in most existing conversations.
        { arbitrary: fc.constant(allowed.includes('member') ? 'member' : allowed[0]), weight: 8 },
        { arbitrary: fc.constantFrom(...roles), weight: 1 },
      ),
      sourceIp: sourceAddresses(goodOfThousand),
    })
    .map((request) => ({ ...request, [fc.toStringMethod]: () => describe(route, request) }));
}

export function acceptedRequestsOf(
  route: Route,
  { writer, existing, goodOfThousand = 350 }: RequestSettings,
): fc.Arbitrary<FuzzRequest> {
  const valid = new ValidValues(writer.components, existing);
  const params = Object.entries(route.params).map(([name, schema]) => {
    const text = valid.of(writer.write(schema), name).map((value) => String(value).toWellFormed());
    return [name, text.filter((candidate) => schema.safeParse(candidate).success)] as const;
  });
  const query = valid
    .of(writer.write(route.query))
    .map((value) => queryPairsOf(value).join('&'))
    .filter((text) => route.query.safeParse(Object.fromEntries(new URLSearchParams(text))).success);
  const body =
    route.body === undefined
      ? fc.constant(Buffer.alloc(0))
      : acceptedJson(valid.of(writer.write(route.body)), route.body, largestBody).map((text) => Buffer.from(text));
  const allowed = allowedRoles(route);
  return fc
    .record({
      params: fc.record(Object.fromEntries(params)),
      query,
      body,
      headers: fc.constant(goodHeaders),
      encoded: fc.constant(false),
      by: fc.constant(allowed.includes('member') ? 'member' : allowed[0]),
      sourceIp: sourceAddresses(goodOfThousand),
    })
    .map((request) => ({ ...request, [fc.toStringMethod]: () => describe(route, request) }));
}

function allowedRoles(route: Route): readonly (Role | undefined)[] {
  const { access } = route;
  return roles.filter((role) => access === 'public' || (role !== undefined && allows(role, access)));
}

/** Each address has a budget for password hashes. */
function sourceAddresses(goodOfThousand: number): fc.Arbitrary<string> {
  return goodOfThousand < 100 ? fc.constant('192.0.2.1') : fc.ipV4();
}

function bodiesOf(
  route: Route,
  writer: SchemaWriter,
  valid: ValidValues,
  goodOfThousand: number,
): fc.Arbitrary<Buffer> {
  if (route.body === undefined) {
    return fc.oneof({ arbitrary: fc.constant(Buffer.alloc(0)), weight: 9 }, { arbitrary: noJson, weight: 1 });
  }
  const good = valid.of(writer.write(route.body));
  const accepted = acceptedJson(good, route.body, largestBody);
  const asBytes = (value: unknown) => Buffer.from(jsonText(value));
  const rest = 1000 - goodOfThousand;
  return fc.oneof(
    { arbitrary: accepted.map((text) => Buffer.from(text)), weight: Math.ceil(goodOfThousand / 2) },
    { arbitrary: good.map(asBytes), weight: Math.floor(goodOfThousand / 2) },
    { arbitrary: mutated(good).map(asBytes), weight: Math.round(rest * 0.85) },
    { arbitrary: noJson, weight: Math.round(rest * 0.1) },
    { arbitrary: hostileJson.map(asBytes), weight: Math.round(rest * 0.05) },
  );
}

function queryPairsOf(value: unknown): readonly string[] {
  return Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => queryPair(name, typeof member === 'object' ? jsonText(member) : member));
}

function queryPair(name: string, value: unknown): string {
  return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(String(value).toWellFormed())}`;
}

function queriesOf(schema: JsonSchema, valid: ValidValues): fc.Arbitrary<string> {
  const good = valid.of(schema).map(queryPairsOf);
  const names = [...Object.keys(schema.properties ?? {}), 'limit', 'cursor'];
  const strange = fc.oneof(
    fc.tuple(fc.constantFrom(...names), hostileText).map(([name, text]) => queryPair(name, text.slice(0, 2_000))),
    fc.tuple(hostileName, hostileText).map(([name, text]) => queryPair(name.slice(0, 200), text.slice(0, 200))),
    fc.constantFrom('%ZZ=%', '&&', '=', '%00', `${canary}`, 'limit=1&limit=2', 'a[]=1', `x=${'y'.repeat(4_000)}`),
  );
  const odd = fc
    .tuple(good, fc.array(strange, { minLength: 1, maxLength: 3 }))
    .map(([pairs, more]) => [...pairs, ...more]);
  return fc.oneof({ arbitrary: good, weight: 6 }, { arbitrary: odd, weight: 1 }).map((pairs) => pairs.join('&'));
}

function describe(route: Route, { params, query, headers, body, encoded, by }: FuzzRequest): string {
  const text = body.toString('utf8').slice(0, 2_000);
  return `${route.method} ${route.path} by ${by ?? 'no user'} ${JSON.stringify({ params, query, headers, encoded })} ${JSON.stringify(text)}`;
}
