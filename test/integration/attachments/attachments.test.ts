import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, latin1 } from '../../../shared/features/attachments/formats/byte-rules.ts';
import {
  codec,
  gifFile,
  jpegFile,
  gpsPosition,
  pngFile,
  webpFile,
} from '../../../shared/features/attachments/formats/image-builders.ts';
import { gifOf } from '../../../shared/features/attachments/formats/picture-samples.ts';
import { oggFile, webmFile } from '../../../shared/features/attachments/formats/sound-builders.ts';
import { zipFile } from '../../../shared/features/attachments/formats/archive-builders.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf, conversationOf } from '../people.ts';
import { rawRequest } from '../../../local/test/raw-request.ts';
import { Faults } from '../system/faults.ts';
import { Tables } from '../system/tables.ts';
import { countedBytes, runOut, StoredObjects } from './stored-objects.ts';
import {
  announce,
  attach,
  complete,
  get,
  readyAttachment,
  type TestFile,
  textFile,
  upload,
  uploaded,
} from './upload.ts';

const faults = new Faults();
let test: TestRun;
let tables: Tables;
let objects: StoredObjects;
let cast: Cast;
let conversation: string;

beforeAll(async () => {
  test = await sharedTestRun(faults.plan);
  tables = new Tables(test.run);
  objects = new StoredObjects(test);
  cast = await castOf(test, 'files');
  conversation = await conversationOf(test, cast.alice, cast.bob);
});

afterAll(() => test.stop());

function file(contentType: string, bytes: Uint8Array<ArrayBuffer>, name = 'file'): TestFile {
  return { name, contentType, bytes };
}

async function load(url: string) {
  const response = await fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

async function decodeWebp(bytes: Uint8Array) {
  const { default: decode, init } = await import('@jsquash/webp/decode.js');
  await init(codec('@jsquash/webp/codec/dec/webp_dec.wasm'));
  Object.assign(globalThis, {
    ImageData: class {
      readonly parts: unknown[];
      constructor(...parts: unknown[]) {
        this.parts = parts;
      }
    },
  });
  const { parts } = (await decode(Uint8Array.from(bytes).buffer)) as unknown as { parts: [Uint8Array, number, number] };
  return { data: parts[0], width: parts[1], height: parts[2] };
}

/** `x` and `y` are fractions of the picture's size. */
function colourAt(picture: Awaited<ReturnType<typeof decodeWebp>>, x: number, y: number): string {
  const at = (Math.floor(y * picture.height) * picture.width + Math.floor(x * picture.width)) * 4;
  return (picture.data[at] ?? 0) > (picture.data[at + 2] ?? 0) ? 'red' : 'blue';
}

describe('a file', () => {
  it('is announced, uploaded, completed and downloaded', async () => {
    const notes = textFile('hello there');
    const announced = await announce(test, cast.alice, conversation, notes);
    expect(announced.status, announced.text).toBe(201);
    expect((await complete(test, cast.alice, announced.body.id)).body.code).toBe('ATTACHMENT_NOT_UPLOADED');
    const sent = await upload(announced.body.upload, notes.bytes);
    expect(sent.status, sent.text).toBe(204);
    const completed = await complete(test, cast.alice, announced.body.id);
    expect(completed.body, completed.text).toEqual({
      id: announced.body.id,
      name: 'notes.txt',
      contentType: 'text/plain',
      size: 11,
      hasThumbnail: false,
    });
    const { body } = await get(test, cast.alice, announced.body.id);
    expect(body).toEqual({ ...completed.body, url: expect.any(String), expiresAt: expect.any(String) });
    const loaded = await load(body.url);
    expect(latin1(loaded.bytes)).toBe('hello there');
    expect(loaded.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(loaded.headers.get('content-disposition')).toBe(
      `attachment; filename="notes.txt"; filename*=UTF-8''notes.txt`,
    );
  });

  it('is uploaded and downloaded through the public port, including by a tunnel under another name', async () => {
    const notes = textFile('through a tunnel');
    const announced = await announce(test, cast.alice, conversation, notes);
    expect(new URL(announced.body.upload.url).origin).toBe(test.url);
    await upload(announced.body.upload, notes.bytes);
    const { body } = await complete(test, cast.alice, announced.body.id);
    expect(new URL((await get(test, cast.alice, body.id)).body.url).origin).toBe(test.url);

    const headers = { host: 'localhost:9123' };
    const authorization = `Bearer ${cast.alice.token}`;
    const described = await rawRequest(`${test.url}/api/v1/attachments/${body.id}`, { ...headers, authorization });
    const { url } = JSON.parse(described.text) as { url: string };
    expect(new URL(url).origin).toBe('http://localhost:9123');
    const { pathname, search } = new URL(url);
    const loaded = await rawRequest(`${test.url}${pathname}${search}`, headers);
    expect(loaded).toEqual({ status: 200, text: 'through a tunnel' });
    const foreign = await rawRequest(`${test.url}${pathname}${search}`, { host: 'evil.example' });
    expect(foreign.status).toBe(421);
  });

  it('is stored encrypted with the tenant’s context, and its name is encrypted in the table', async () => {
    const id = await readyAttachment(test, cast.alice, conversation, textFile('x', 'secret plan.txt'));
    const [key = '', ...others] = await objects.keysWith(id);
    expect(others).toEqual([]);
    expect(key).toMatch(new RegExp(`^t/${cast.alice.tenantId}/${conversation}/${id}/[0-9a-f]{32}/original$`));
    const { ServerSideEncryption: encryption, SSEKMSKeyId: keyId } = await objects.head(key);
    expect(encryption).toBe('aws:kms');
    expect(keyId).toContain(':key/');
    expect(JSON.stringify(await tables.items())).not.toContain('secret plan');
  });

  it('keeps its name, without characters that could deceive', async () => {
    const name = '../..\\Grüße gpj.\u202eexe"\r\nx: y.txt';
    const { body } = await get(
      test,
      cast.alice,
      await readyAttachment(test, cast.alice, conversation, textFile('x', name)),
    );
    expect(body.name).toBe('Grüße gpj.exex y.txt');
    const { headers } = await load(body.url);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="Gr__e gpj.exex y.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20gpj.exex%20y.txt`,
    );
    expect(headers.get('x')).toBeNull();
  });

  it('returns the same attachment when it is announced again, with a form until it is completed', async () => {
    const again = { clientAttachmentId: ulid() };
    const notes = textFile('hello');
    const first = await announce(test, cast.alice, conversation, notes, again);
    const second = await announce(test, cast.alice, conversation, notes, again);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect((await upload(second.body.upload, notes.bytes)).status).toBe(204);
    await complete(test, cast.alice, first.body.id);
    expect((await announce(test, cast.alice, conversation, notes, again)).body).toEqual({ id: first.body.id });
    const sameSize = await announce(test, cast.alice, conversation, textFile('other'), again);
    expect(sameSize.body.code).toBe(undefined);
    const longer = await announce(test, cast.alice, conversation, textFile('longer'), again);
    expect(longer.body.code).toBe('ATTACHMENT_CONFLICT');
  });

  it('is announced once by many concurrent requests with the same id', async () => {
    const again = { clientAttachmentId: ulid() };
    const before = await countedBytes(tables, cast.carol.tenantId, cast.carol.userId);
    const own = await conversationOf(test, cast.carol, cast.bob);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => announce(test, cast.carol, own, textFile('once'), again)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    const after = await countedBytes(tables, cast.carol.tenantId, cast.carol.userId);
    expect(after[0]).toBe((before[0] ?? 0) + 4);
  });
});

describe('a picture', () => {
  it.each([
    ['image/jpeg', () => jpegFile(900, 600, { orientation: 6 })],
    ['image/png', () => pngFile(900, 600, { orientation: 6, comment: gpsPosition })],
    ['image/webp', () => webpFile(900, 600, { orientation: 6 })],
  ] as const)('%s loses its location, keeps its orientation and gets a thumbnail', async (type, make) => {
    const bytes = await make();
    expect(latin1(bytes)).toContain(gpsPosition);
    const { body } = await attach(test, cast.alice, conversation, file(type, bytes, 'photo'));
    expect(body).toMatchObject({ contentType: type, width: 600, height: 900, hasThumbnail: true });
    const original = await load((await get(test, cast.alice, body.id)).body.url);
    expect(original.bytes.length).toBe(body.size);
    expect(latin1(original.bytes)).not.toContain(gpsPosition);
    expect(original.headers.get('content-type')).toBe(type);
    expect(original.headers.get('content-disposition')).toMatch(/^inline; filename="photo\.\w+"/);
    const small = await load((await get(test, cast.alice, body.id, 'thumbnail')).body.url);
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect(small.bytes.length).toBeLessThan(original.bytes.length);
    const picture = await decodeWebp(small.bytes);
    expect([picture.width, picture.height]).toEqual([213, 320]);
    // The thumbnail is rotated by a quarter turn.
    expect([colourAt(picture, 0.5, 0.1), colourAt(picture, 0.5, 0.9)]).toEqual(['red', 'blue']);
  });

  it('keeps its animation and gets its first frame as thumbnail', async () => {
    const bytes = gifFile({ comment: 'made by hand' });
    const { body } = await attach(test, cast.alice, conversation, file('image/gif', bytes));
    expect(body).toMatchObject({ width: 2, height: 2, hasThumbnail: true, size: bytes.length - 16 });
  });
});

describe('a file with an unusual name or type', () => {
  it.each([
    ['image/jpg', 'photo.jpg', () => jpegFile(8, 8), 'image/jpeg', 'photo.jpg'],
    ['image/jpeg', 'photo.jpg', () => webpFile(8, 8), 'image/webp', 'photo.webp'],
    ['', 'voice.opus', () => oggFile(1000), 'audio/ogg', 'voice.opus'],
    ['application/vnd.ms-excel', 'list.csv', () => new Uint8Array(bytesOf('a;b')), 'text/csv', 'list.csv'],
    ['text/plain', 'run.hta', () => new Uint8Array(bytesOf('<script>')), 'text/plain', 'run.hta.txt'],
  ] as const)(
    'is served with its real type when it is announced as %j with the name %s',
    async (type, given, make, contentType, name) => {
      const { body, text } = await attach(test, cast.bob, conversation, file(type, await make(), given));
      expect(body, text).toMatchObject({ contentType, name });
      const { headers } = await load((await get(test, cast.bob, body.id)).body.url);
      expect(headers.get('content-type')?.split(';')[0]).toBe(contentType);
      expect(headers.get('content-disposition')).toContain(`filename="${name}"`);
    },
  );

  it('is served as text in its encoding if it has a byte order mark', async () => {
    const bytes = new Uint8Array(bytesOf('\xff\xfea\0;\0b\0'));
    const { body } = await attach(test, cast.bob, conversation, file('text/csv', bytes, 'list.csv'));
    const loaded = await load((await get(test, cast.bob, body.id)).body.url);
    expect(loaded.headers.get('content-type')).toBe('text/csv; charset=utf-16le');
    expect(loaded.bytes).toEqual(bytes);
  });
});

describe('an audio file', () => {
  it.each([
    ['audio/ogg', oggFile(4200)],
    ['audio/webm;codecs=opus', webmFile(71)],
  ] as const)('%s has a duration', async (type, bytes) => {
    const { body } = await attach(test, cast.alice, conversation, file(type, bytes));
    expect(body).toMatchObject({ contentType: type.split(';')[0], durationMs: 4200, hasThumbnail: false });
  });
});

describe('a deceptive file', () => {
  const gigabyte = 1024 ** 3;
  const vast = { width: 65_535, height: 65_535, pixels: [1] };
  const lies: readonly (readonly [string, string, () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>])[] =
    [
      ['a page that claims to be a picture', 'image/png', () => new Uint8Array(bytesOf('<html><script>1</script>'))],
      ['bytes that claim to be text', 'text/plain', () => new Uint8Array(bytesOf('a\0b'))],
      ['a document that claims to be a picture', 'image/jpeg', () => new Uint8Array(bytesOf('%PDF-1.7\n%%EOF'))],
      ['a frame of billions of pixels', 'image/gif', () => new Uint8Array(gifOf([1, 1], [vast]))],
      ['half a picture', 'image/png', () => pngFile(40, 40).slice(0, 100)],
      ['a picture with invalid data', 'image/png', () => pngFile(4, 4, {}, [4, 400])],
      ['a picture of 2.5 billion pixels', 'image/png', () => pngFile(4, 4, {}, [50_000, 50_000])],
      ['an archive bomb', 'application/zip', () => zipFile([{ name: 'a', claimed: 2 * gigabyte }])],
    ];

  it.each(lies)('%s is rejected each time, and its bytes are deleted', async (_title, type, make) => {
    const before = await countedBytes(tables, cast.alice.tenantId, cast.alice.userId);
    const bytes = await make();
    const id = await uploaded(test, cast.alice, conversation, file(type, bytes));
    const answers = [await complete(test, cast.alice, id), await complete(test, cast.alice, id)];
    for (const { body, text } of answers) expect(body, text).toMatchObject({ code: 'ATTACHMENT_REJECTED' });
    expect(answers[0]?.body.detail).toMatch(/: .+\. [A-Z].+\.$|\. [A-Z].+\.$/);
    expect(answers[1]?.body.detail).toBe(answers[0]?.body.detail);
    expect((await get(test, cast.alice, id)).body.code).toBe('ATTACHMENT_REJECTED');
    expect(await objects.keysWith(id)).toEqual([]);
    expect(await countedBytes(tables, cast.alice.tenantId, cast.alice.userId)).toEqual(before);
  });

  it.each(['image/svg+xml', 'text/html', 'application/javascript', 'image/heic', 'video/mp4', 'nonsense'])(
    'cannot be announced with the type %j',
    async (contentType) => {
      const answer = await announce(test, cast.alice, conversation, { ...textFile('x'), contentType });
      expect(answer.body.code).toBe('ATTACHMENT_TYPE_UNSUPPORTED');
    },
  );

  it('cannot be announced without a type and with an unknown extension', async () => {
    const answer = await announce(test, cast.alice, conversation, { ...textFile('x', 'x.heic'), contentType: '' });
    expect(answer.body.code).toBe('ATTACHMENT_TYPE_UNSUPPORTED');
  });

  it('cannot be announced without bytes or with too many', async () => {
    const none = await announce(test, cast.alice, conversation, textFile(''));
    expect(none.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ pointer: '/body/size' }] });
    const size = 10 * 1024 * 1024 + 1;
    const tooMany = await announce(test, cast.alice, conversation, textFile('x'), { size });
    expect(tooMany.body).toMatchObject({ code: 'ATTACHMENT_TOO_LARGE' });
    expect(tooMany.body.detail).toContain('10485760');
  });
});

describe('the form of an upload', () => {
  async function form(size = 5) {
    const { body } = await announce(test, cast.alice, conversation, textFile('x'.repeat(size)));
    return { id: body.id as string, upload: body.upload };
  }

  it.each([
    ['more bytes', 'xxxxxx', {}, 'EntityTooLarge'],
    ['fewer bytes', 'xxxx', {}, 'EntityTooSmall'],
    ['no bytes', '', {}, 'EntityTooSmall'],
    ['another type', 'xxxxx', { 'Content-Type': 'text/html' }, 'AccessDenied'],
    ['another key', 'xxxxx', { key: 't/anywhere' }, 'AccessDenied'],
    ['no encryption', 'xxxxx', { 'x-amz-server-side-encryption': 'AES256' }, 'AccessDenied'],
    ['another context', 'xxxxx', { 'x-amz-server-side-encryption-context': 'e30=' }, 'AccessDenied'],
    ['an additional field', 'xxxxx', { acl: 'public-read' }, 'AccessDenied'],
  ] as const)('rejects a file with %s', async (_title, text, change, code) => {
    const { id, upload: given } = await form();
    const answer = await upload(given, new Uint8Array(bytesOf(text)), change);
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain(code);
    expect(await objects.keysWith(id)).toEqual([]);
  });

  it('is valid for five minutes, and no client can extend it', async () => {
    const { upload: given } = await form();
    const policy = JSON.parse(atob(given.fields.Policy)) as { expiration: string };
    expect(Date.parse(policy.expiration)).toBeLessThanOrEqual(Date.now() + 300_000);
    expect(given.expiresAt <= new Date(Date.now() + 300_000).toISOString()).toBe(true);
    const longer = btoa(JSON.stringify({ ...policy, expiration: '2100-01-01T00:00:00Z' }));
    const answer = await upload(given, new Uint8Array(5), { Policy: longer });
    expect(answer.text).toContain('SignatureDoesNotMatch');
  });
});

describe('access to a file', () => {
  it('is limited to its owner until the file is sent', async () => {
    const id = await uploaded(test, cast.alice, conversation, textFile('mine'));
    expect((await complete(test, cast.bob, id)).body.code).toBe('ATTACHMENT_NOT_FOUND');
    await complete(test, cast.alice, id);
    expect((await get(test, cast.bob, id)).body.code).toBe('ATTACHMENT_NOT_FOUND');
    expect((await get(test, cast.carol, id)).body.code).toBe('ATTACHMENT_NOT_FOUND');
  });

  it('is limited to participants of its conversation', async () => {
    const answer = await announce(test, cast.carol, conversation, textFile('x'));
    expect(answer.body.code).toBe('CONVERSATION_NOT_FOUND');
  });
});

describe('a completion', () => {
  it('has one result when it is requested many times at once', async () => {
    const bytes = await jpegFile(200, 100);
    const id = await uploaded(test, cast.alice, conversation, file('image/jpeg', bytes));
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(test, cast.alice, id)));
    const settled = await complete(test, cast.alice, id);
    expect(settled.status, settled.text).toBe(200);
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThanOrEqual(1);
    for (const { body } of done) expect(body).toEqual(settled.body);
    // At most three examinations run at a time.
    for (const { status, body } of answers) {
      if (status !== 200) expect(body).toMatchObject({ code: 'ATTACHMENT_BEING_EXAMINED', retryable: true });
    }
    await test.run.settled();
    const keys = await objects.keysWith(id);
    expect(keys.map((key) => key.split('/').at(-1)).sort()).toEqual(['original', 'thumbnail']);
  });

  it('keeps one complete file when the upload is replaced meanwhile', async () => {
    const { body } = await announce(test, cast.alice, conversation, textFile('first'));
    await upload(body.upload, new Uint8Array(bytesOf('first')));
    const [first] = await Promise.all([
      complete(test, cast.alice, body.id),
      upload(body.upload, new Uint8Array(bytesOf('other'))).then(() => complete(test, cast.alice, body.id)),
    ]);
    expect(first.status, first.text).toBe(200);
    await test.run.settled();
    const stored = await objects.keysWith(`${conversation}/${body.id}`);
    expect(stored).toHaveLength(1);
    const loaded = await load((await get(test, cast.alice, body.id)).body.url);
    expect(['first', 'other']).toContain(latin1(loaded.bytes));
  });
});

describe('an examination', () => {
  async function withExaminations(count: number, examinedAt: number): Promise<string> {
    const id = await uploaded(test, cast.alice, conversation, textFile('examined before'));
    const pk = `T#${cast.alice.tenantId}#A#${id}`;
    await tables.set(pk, 'FILE', 'examinations', count);
    await tables.set(pk, 'FILE', 'examinedAt', examinedAt);
    return id;
  }

  it('rejects the file when three examinations ended without a result', async () => {
    const before = await countedBytes(tables, cast.alice.tenantId, cast.alice.userId);
    const id = await withExaminations(3, Date.now() - 60_000);
    const { body } = await complete(test, cast.alice, id);
    expect(body).toMatchObject({ code: 'ATTACHMENT_REJECTED' });
    expect(body.detail).toContain('3 attempts');
    expect(await objects.keysWith(id)).toEqual([]);
    expect(await countedBytes(tables, cast.alice.tenantId, cast.alice.userId)).toEqual(before);
  });

  it('does not read the upload while three examinations are in progress', async () => {
    const id = await withExaminations(3, Date.now());
    const read: string[] = [];
    const answer = await faults.during(
      ({ service, operation }) => {
        if (service === 's3') read.push(operation);
        return undefined;
      },
      () => complete(test, cast.alice, id),
    );
    const { body } = answer;
    expect(body).toMatchObject({ code: 'ATTACHMENT_BEING_EXAMINED', retryable: true, retryAfterMs: 5000 });
    expect(read).toEqual([]);
  });

  it('starts at most three times when many requests come at once', async () => {
    const id = await uploaded(test, cast.alice, conversation, textFile('examined at once'));
    const begun: unknown[] = [];
    await faults.during(
      ({ input }) => {
        if (String(input['UpdateExpression']).includes('#examinations :one')) begun.push(input);
        // No result is stored before all requests have started.
        return input['TransactItems'] === undefined ? undefined : { kind: 'delay', ms: 1500 };
      },
      async () => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => complete(test, cast.alice, id)));
        const refused = answers.filter(({ status }) => status !== 200);
        for (const { body } of refused) expect(body.code).toBe('ATTACHMENT_BEING_EXAMINED');
      },
    );
    expect(begun.length).toBeGreaterThan(2);
    expect((await tables.get(`T#${cast.alice.tenantId}#A#${id}`, 'FILE'))?.['examinations']).toBe(3);
  });

  it('is counted before it begins', async () => {
    const id = await withExaminations(2, Date.now() - 60_000);
    expect((await complete(test, cast.alice, id)).status).toBe(200);
    const item = await tables.get(`T#${cast.alice.tenantId}#A#${id}`, 'FILE');
    expect(item).toMatchObject({ status: 'ready', examinations: 3 });
  });
});

describe('a download address', () => {
  it('expires, and opens only its own object', async () => {
    const id = await readyAttachment(test, cast.alice, conversation, textFile('mine'));
    const second = await readyAttachment(test, cast.alice, conversation, textFile('other'));
    const { url, expiresAt } = (await get(test, cast.alice, id)).body as { url: string; expiresAt: string };
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 120_000);
    const [secondKey = ''] = await objects.keysWith(second);
    const path = new URL(url).pathname;
    const changed = url.replace(path, `/${path.split('/')[1]}/${secondKey}`);
    expect(changed).not.toBe(url);
    expect((await load(changed)).status).toBe(403);
    expect((await load(url.replace('X-Amz-Expires=120', 'X-Amz-Expires=9999'))).status).toBe(403);
    expect((await load(url.replace('attachment', 'inline'))).status).toBe(403);
    expect((await load(url.split('?')[0] ?? '')).status).toBe(403);
  });
});

describe('a limit of attachments', () => {
  const tenCharacters = textFile('0123456789');

  it('is never exceeded for a user, however many files are announced at once', async () => {
    const settings = { messagesPerMinute: null, userQuotaBytes: 50 };
    const people = await castOf(test, 'narrow', settings);
    const own = await conversationOf(test, people.alice, people.bob);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => announce(test, people.alice, own, tenCharacters)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('QUOTA_EXCEEDED');
    expect(await countedBytes(tables, people.alice.tenantId, people.alice.userId)).toEqual([50, 0]);
    const announcedId = answers.find(({ status }) => status === 201)?.body.id as string;
    await runOut(test, tables, people.alice.tenantId, announcedId);
    expect(await countedBytes(tables, people.alice.tenantId, people.alice.userId)).toEqual([40, 0]);
    expect((await announce(test, people.alice, own, tenCharacters)).status).toBe(201);
  });

  it('is never exceeded for a tenant by completed files, and ignores announced ones', async () => {
    const settings = { messagesPerMinute: null, tenantQuotaBytes: 35 };
    const { alice, bob } = await castOf(test, 'crowded', settings);
    const own = await conversationOf(test, alice, bob);
    const ids = await Promise.all(
      [alice, alice, alice, bob, bob, bob].map((who) => uploaded(test, who, own, tenCharacters)),
    );
    expect(await countedBytes(tables, alice.tenantId, alice.userId)).toEqual([30, 0]);
    const answers = await Promise.all(ids.map((id, index) => complete(test, index < 3 ? alice : bob, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('QUOTA_EXCEEDED');
    expect((await countedBytes(tables, alice.tenantId, alice.userId))[1]).toBe(30);
    expect((await announce(test, alice, own, tenCharacters)).body.code).toBe('QUOTA_EXCEEDED');
    const [ready, waiting] = [200, 409].map((status) => answers.findIndex((answer) => answer.status === status));
    await runOut(test, tables, alice.tenantId, ids[ready ?? 0] ?? '');
    const again = await complete(test, (waiting ?? 0) < 3 ? alice : bob, ids[waiting ?? 0] ?? '');
    expect(again.status, again.text).toBe(200);
  });

  it('allows a user fifty announced files that are not completed', async () => {
    const { alice, bob } = await castOf(test, 'eager', { messagesPerMinute: null });
    const own = await conversationOf(test, alice, bob);
    const first = await uploaded(test, alice, own, tenCharacters);
    const others = await Promise.all(Array.from({ length: 55 }, () => announce(test, alice, own, tenCharacters)));
    expect(others.filter(({ status }) => status === 201)).toHaveLength(49);
    for (const { status, body } of others) {
      if (status !== 201) expect(body).toMatchObject({ code: 'TOO_MANY_UPLOADS', retryable: true });
    }
    await complete(test, alice, first);
    expect((await announce(test, alice, own, tenCharacters)).status).toBe(201);
  });
});

describe('a file that is never sent', () => {
  it.each([
    ['announced', (id: string) => Promise.resolve(id)],
    ['uploaded', (id: string) => Promise.resolve(id)],
    ['ready', async (id: string) => (await complete(test, cast.alice, id)).body.id as string],
  ] as const)(
    'is deleted with its bytes when it expires while %s, and no longer counts in the quotas',
    async (state, bring) => {
      const before = await countedBytes(tables, cast.alice.tenantId, cast.alice.userId);
      const notes = textFile('never sent');
      const id =
        state === 'announced'
          ? ((await announce(test, cast.alice, conversation, notes)).body.id as string)
          : await uploaded(test, cast.alice, conversation, notes).then(bring);
      expect((await objects.keysWith(id)).length).toBe(state === 'announced' ? 0 : 1);
      await runOut(test, tables, cast.alice.tenantId, id);
      expect(await objects.keysWith(id)).toEqual([]);
      expect((await get(test, cast.alice, id)).body.code).toBe('ATTACHMENT_NOT_FOUND');
      expect((await complete(test, cast.alice, id)).body.code).toBe('ATTACHMENT_NOT_FOUND');
      expect((await tables.items()).filter(({ pk }) => pk.includes(id))).toEqual([]);
      expect(await countedBytes(tables, cast.alice.tenantId, cast.alice.userId)).toEqual(before);
    },
  );

  it('is kept when it was completed before its expiry was processed', async () => {
    const id = await uploaded(test, cast.alice, conversation, textFile('in time'));
    // The first expiry's marker is deleted after this.
    await complete(test, cast.alice, id);
    const mark = { pk: `T#${cast.alice.tenantId}#A#${id}`, sk: 'DUE' };
    await tables.set(mark.pk, mark.sk, 'expiresAt', Math.floor(Date.now() / 1000) - 10);
    await test.run.aws.sweepExpired();
    await test.run.settled();
    expect((await get(test, cast.alice, id)).status).toBe(200);
  });
});
