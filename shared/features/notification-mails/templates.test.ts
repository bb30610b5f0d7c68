import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailLanguageOf, mailLanguages } from '../../contract/schemas/mail-language.ts';
import { answerMail, digestMail, type Look, urgentMail } from './templates.ts';

const look: Look = { language: 'en', tenantName: 'Acme', colour: '#1a6b54' };
const links = {
  url: 'https://chat.example/#conversation=c',
  unsubscribeUrl: 'https://chat.example/unsubscribe#token=t',
};
const answer = { ...links, isOneTime: true, isUrgent: false };

function mailsOf(style: Look) {
  return [
    urgentMail(style, { conversationId: 'c', step: 2, url: links.url }),
    answerMail(style, answer),
    digestMail(style, { ...links, mentions: 2, assignments: 1 }),
  ];
}

describe('each mail', () => {
  it.each(mailLanguages)('has a subject, a text and HTML in the language %s', (language) => {
    for (const { subject, text, html } of mailsOf({ ...look, language })) {
      expect(subject).not.toBe('');
      expect(text).toContain(links.url);
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    }
  });

  it('shows the name of a tenant as text, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        for (const { subject, html } of mailsOf({ ...look, tenantName: `${name}<script>"'&\r\nBcc: a@b.test` })) {
          expect(html).not.toContain('<script>');
          expect(subject).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });

  it('isolates the name of a tenant in a language from right to left', () => {
    const [urgent] = mailsOf({ ...look, language: 'ar' });
    expect(urgent?.subject).toContain('\u2068Acme\u2069');
  });
});

describe('a mail about an answer', () => {
  it('quotes the text of the answer', () => {
    const { text, html } = answerMail(look, { ...answer, text: 'Line 1\n<Line 2>' });
    expect(text).toContain('> Line 1\n> <Line 2>');
    expect(html).toContain('&lt;Line 2&gt;');
  });

  it('contains neither name nor text of an urgent conversation', () => {
    const { subject, text, html } = answerMail(look, { ...answer, isUrgent: true, isOneTime: false, text: 'secret' });
    expect(`${subject}${text}${html}`).not.toMatch(/Acme|secret/);
  });
});

it('finds the language of a mail for a language tag', () => {
  expect(['de-CH', 'AR', 'pt-BR', 'xx', undefined].map(mailLanguageOf)).toEqual([
    'de',
    'ar',
    'pt',
    undefined,
    undefined,
  ]);
});
