import type { UploadForm } from '../../../shared/features/attachments/object-store.ts';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';

export interface TestFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function textFile(text: string, name = 'notes.txt'): TestFile {
  return { name, contentType: 'text/plain', bytes: new TextEncoder().encode(text) };
}

export function announce(
  test: TestRun,
  who: SignedIn,
  conversationId: string,
  { name, contentType, bytes }: TestFile,
  more: object = {},
): Promise<HttpAnswer> {
  const body = { conversationId, name, contentType, size: bytes.length, ...more };
  return call(test.url, 'POST', '/api/v1/attachments', { token: who.token, body });
}

/** Posts the fields before the file, as a browser does. */
export async function upload(
  { url, fields }: UploadForm,
  bytes: Uint8Array<ArrayBuffer>,
  change: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.set(name, value);
  form.set('file', new Blob([bytes]), 'upload');
  const response = await fetch(url, { method: 'POST', body: form });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

export function complete(test: TestRun, who: SignedIn, attachmentId: string): Promise<HttpAnswer> {
  return call(test.url, 'POST', `/api/v1/attachments/${attachmentId}/complete`, { token: who.token });
}

export function get(test: TestRun, who: SignedIn, attachmentId: string, variant?: string): Promise<HttpAnswer> {
  const query = variant === undefined ? '' : `?variant=${variant}`;
  return call(test.url, 'GET', `/api/v1/attachments/${attachmentId}${query}`, { token: who.token });
}

export async function attach(
  test: TestRun,
  who: SignedIn,
  conversationId: string,
  file: TestFile,
): Promise<HttpAnswer> {
  const id = await uploaded(test, who, conversationId, file);
  return complete(test, who, id);
}

export async function uploaded(
  test: TestRun,
  who: SignedIn,
  conversationId: string,
  file: TestFile,
  bytes = file.bytes,
): Promise<string> {
  const announced = await announce(test, who, conversationId, { ...file, bytes });
  if (announced.status !== 201) throw new Error(announced.text);
  const sent = await upload(announced.body.upload, bytes);
  if (sent.status !== 204) throw new Error(sent.text);
  return announced.body.id as string;
}

export async function readyAttachment(
  test: TestRun,
  who: SignedIn,
  conversationId: string,
  file: TestFile = textFile('hello'),
): Promise<string> {
  const answer = await attach(test, who, conversationId, file);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.id as string;
}
