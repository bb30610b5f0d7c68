import { describe, expect, it } from 'vitest';
import { passwordResetMail } from './password-reset-mail.ts';

const input = { tenantName: 'Northwind', publicUrl: 'https://chat.example', token: 'abc_-123' };

describe('the mail to set a new password', () => {
  it('carries the link in both forms', () => {
    const { text, html } = passwordResetMail(input);
    expect(text).toContain('\nhttps://chat.example/reset-password#token=abc_-123\n');
    expect(html).toContain('<a href="https://chat.example/reset-password#token=abc_-123">');
  });

  it('shows names as text, whatever they contain', () => {
    const { html } = passwordResetMail({ ...input, tenantName: '<img src=x> & "B"' });
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x&gt; &amp; &quot;B&quot;');
  });
});
