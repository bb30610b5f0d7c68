import { describe, expect, it } from 'vitest';
import { accountExistsMail, emailVerificationMail, passwordChangedMail, passwordResetMail } from './account-mails.ts';

const input = { tenantName: 'Northwind', publicUrl: 'https://chat.example', token: 'abc_-123' };

describe('the mails of accounts', () => {
  it.each([
    ['the mail to set a new password', passwordResetMail, 'reset-password'],
    ['the mail to verify an address', emailVerificationMail, 'verify-email'],
  ] as const)('%s contains the link as text and as HTML', (_, mail, page) => {
    const { text, html } = mail(input);
    expect(text).toContain(`\nhttps://chat.example/${page}#token=abc_-123\n`);
    expect(html).toContain(`<a href="https://chat.example/${page}#token=abc_-123">`);
  });

  it.each([
    ['the mail about a changed password', passwordChangedMail],
    ['the mail about an existing account', accountExistsMail],
  ] as const)('%s has no link', (_, mail) => {
    const { text, html } = mail(input);
    expect(`${text}${html}`).not.toMatch(/https?:|href/);
    expect(text).toContain('Northwind');
  });

  it.each([passwordResetMail, emailVerificationMail, passwordChangedMail, accountExistsMail])(
    'escapes names in HTML: %o',
    (mail) => {
      const { html } = mail({ ...input, tenantName: '<img src=x> & "B"' });
      expect(html).not.toContain('<img');
      expect(html).toContain('&lt;img src=x&gt; &amp; &quot;B&quot;');
    },
  );
});
