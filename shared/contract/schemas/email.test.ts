import { describe, expect, it } from 'vitest';
import { addressToFind, email } from './email.ts';

describe('an e-mail address', () => {
  it.each([
    ['alice@example.com', 'alice@example.com'],
    [' Alice@Example.COM ', 'alice@example.com'],
    ['a/b@example.com', 'a/b@example.com'],
    ['SRS0=Xy=z=example.org=bob@forward.example', 'srs0=xy=z=example.org=bob@forward.example'],
    ["o'brien+{tag}~!#$%&*?^_`|@example.com", "o'brien+{tag}~!#$%&*?^_`|@example.com"],
    ['a@x.xn--p1ai', 'a@x.xn--p1ai'],
    ['alice@BÜCHER.example', 'alice@xn--bcher-kva.example'],
    ['alice@bu\u0308cher.example', 'alice@xn--bcher-kva.example'],
    ['alice@例え。テスト', 'alice@xn--r8jz45g.xn--zckzah'],
    ['alice@intranet', 'alice@intranet'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('accepts %s as %s', (sent, kept) => {
    expect(email.parse(sent)).toBe(kept);
    expect(addressToFind.parse(sent)).toBe(kept);
  });

  it.each([
    'alice',
    '@example.com',
    'alice@',
    'a@b@example.com',
    'a b@example.com',
    '"a b"@example.com',
    'a@-example.com',
    'a@example-.com',
    'a@example..com',
    'a@example.com.',
    'a@ex/ample.com',
    'a@bücher.example/path',
    'a@bücher.example:80',
    'josé@example.com',
    '\u212aate@example.com',
    'a\u202e@example.com',
    'a@exam\ud800ple.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'x'.repeat(64)}.com`,
    `a@${'x.'.repeat(130)}com`,
    'a@\u0663\u200d.\u00e4',
  ])('rejects %j', (sent) => {
    expect(email.safeParse(sent).success).toBe(false);
  });

  it('rejects long texts in linear time', () => {
    const startsWell = `${'a.'.repeat(40_000)}@${'b-'.repeat(40_000)}`;
    for (const sent of [startsWell, `a@${'b.'.repeat(80_000)}!`, `a@ü${'b'.repeat(80_000)}`, '@'.repeat(80_000)]) {
      expect(email.safeParse(sent).success).toBe(false);
    }
  });
});
