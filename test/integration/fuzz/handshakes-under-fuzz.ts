import fc from 'fast-check';
import { expect } from 'vitest';
import { hostileText } from './hostile-values.ts';
import { progressOf } from '../system/report.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { assertSideBySide } from './side-by-side.ts';
import { complaintsAbout, type FuzzScale } from './operations-under-fuzz.ts';

/** The authorizers must deny wrong credentials of every kind without failing. */
export async function fuzzCredentials({ test, north }: FuzzWorld, scale: FuzzScale): Promise<void> {
  const { token } = north.alice;
  const almost = fc.tuple(fc.nat(), fc.nat({ max: 127 })).map(([at, code]) => {
    const index = at % token.length;
    return token.slice(0, index) + String.fromCharCode(code) + token.slice(index + 1);
  });
  const part = fc.oneof(
    hostileText,
    fc.base64String().map((text) => text.replaceAll('=', '')),
  );
  const credentials = fc
    .oneof(
      hostileText,
      almost,
      fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.')),
    )
    .filter((text) => text !== token);
  const invoke = async (name: string, event: object) => {
    const outcome = await test.run.functions.invoke(`switchboard-dev-${name}`, event, 'fuzz');
    const complaints = [
      ...(outcome.kind === 'returned' ? [] : [JSON.stringify(outcome)]),
      ...complaintsAbout({ test }),
    ];
    if (complaints.length > 0) throw new Error(complaints.join('; '));
    return JSON.stringify((outcome as { readonly payload?: unknown }).payload);
  };
  const progress = progressOf('fuzz credentials', scale.cases);
  let done = 0;
  const runCase = async ([text, variant]: readonly [string, number]): Promise<void> => {
    const headers = [{ authorization: `Bearer ${text}` }, { authorization: text }][variant % 2];
    expect(await invoke('authorize-http', { version: '2.0', headers })).toContain('"denied":"unauthenticated"');
    const handshake = [
      { headers: { 'Sec-WebSocket-Protocol': `switchboard, bearer.${text}` } },
      { headers: { 'sec-websocket-protocol': text, Origin: text } },
      { queryStringParameters: { ticket: text } },
      { queryStringParameters: { token: text } },
    ][variant % 4];
    expect(await invoke('authorize-socket', { methodArn: 'arn:aws:execute-api:x', ...handshake })).toContain('"Deny"');
    done += 1;
    progress(done);
  };
  await assertSideBySide(() => fc.tuple(credentials, fc.nat({ max: 3 })), scale, runCase);
}
