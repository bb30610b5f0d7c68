import type { MailLanguage } from '../../contract/schemas/mail-language.ts';
import { layOut, type Mail, type MailStyle } from '../mail/mail-layout-rules.ts';
import { mailTexts } from './mail-texts.ts';

export interface Look {
  readonly language: MailLanguage;
  readonly tenantName: string;
  readonly colour: string;
}

/** Alerts a person on call. Contains ids only. */
export function urgentMail(
  look: Look,
  { conversationId, step, url }: { readonly conversationId: string; readonly step: number; readonly url: string },
): Mail {
  const { urgent } = mailTexts[look.language];
  const tenant = isolated(look, look.tenantName);
  return layOut(styleOf(look), {
    subject: urgent.subject(tenant),
    paragraphs: [
      ...urgent.paragraphs(tenant),
      `${urgent.conversation}: ${isolated(look, conversationId)}`,
      `${urgent.step}: ${step}`,
    ],
    link: { label: urgent.open, address: url },
  });
}

export interface Answer {
  readonly url: string;
  readonly unsubscribeUrl: string;
  /** The link signs a guest in. */
  readonly isOneTime: boolean;
  /** Others may read the mail, so it names neither the tenant nor anything of the conversation. */
  readonly isUrgent: boolean;
  /** Of the answer, if the tenant allows it. */
  readonly text?: string | undefined;
}

/** Tells a customer who is gone of an answer. */
export function answerMail(look: Look, { url, unsubscribeUrl, isOneTime, isUrgent, text }: Answer): Mail {
  const { answer } = mailTexts[look.language];
  const { colour, ...neutral } = styleOf(look);
  return layOut(
    { ...neutral, colour: isUrgent ? neutralColour : colour },
    {
      subject: answer.subject,
      paragraphs: [isUrgent ? answer.unnamed : answer.from(isolated(look, look.tenantName))],
      ...(text === undefined || isUrgent ? {} : { quote: text }),
      link: { label: answer.open, address: url },
      footer: isOneTime ? [answer.once] : [],
      footerLink: { label: answer.noMore, address: unsubscribeUrl },
    },
  );
}

const neutralColour = '#444444';

export interface Digest {
  readonly mentions: number;
  readonly assignments: number;
  readonly url: string;
  readonly unsubscribeUrl: string;
}

export function digestMail(look: Look, { mentions, assignments, url, unsubscribeUrl }: Digest): Mail {
  const { digest } = mailTexts[look.language];
  const tenant = isolated(look, look.tenantName);
  return layOut(styleOf(look), {
    subject: digest.subject(tenant),
    paragraphs: [
      digest.paragraph(tenant),
      ...(mentions === 0 ? [] : [`${digest.mentions}: ${mentions}`]),
      ...(assignments === 0 ? [] : [`${digest.assignments}: ${assignments}`]),
    ],
    link: { label: digest.open, address: url },
    footerLink: { label: digest.unsubscribe, address: unsubscribeUrl },
  });
}

const rightToLeft: ReadonlySet<MailLanguage> = new Set(['ar']);

function styleOf({ language, colour }: Look): MailStyle {
  return { language, colour, direction: rightToLeft.has(language) ? 'rtl' : 'ltr' };
}

/** Keeps a name in the other direction from reordering its sentence. https://www.w3.org/International/articles/inline-bidi-markup */
function isolated({ language }: Look, text: string): string {
  return rightToLeft.has(language) ? `\u2068${text}\u2069` : text;
}
