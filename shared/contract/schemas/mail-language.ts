import * as z from 'zod/mini';

/** Languages of mails, apart from those about accounts. */
export const mailLanguages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'uk', 'ar'] as const;
export const mailLanguage = z.enum(mailLanguages);
export type MailLanguage = (typeof mailLanguages)[number];

/** The language of mails for a language tag such as `de-CH`. */
export function mailLanguageOf(tag: string | undefined): MailLanguage | undefined {
  const primary = tag?.split('-')[0]?.toLowerCase();
  return mailLanguages.find((language) => language === primary);
}
