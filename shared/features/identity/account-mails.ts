import { escapeHtml, type Mail } from '../mail/mail-layout-rules.ts';

interface Sender {
  readonly tenantName: string;
}

interface LinkMail extends Sender {
  readonly publicUrl: string;
  readonly token: string;
}

// No mail contains text that a registrant chooses. Otherwise strangers could send text to any address.

export function passwordResetMail({ tenantName, publicUrl, token }: LinkMail): Mail {
  return mailOf({
    subject: `${tenantName}: set a new password`,
    before: [
      `We received a request for a new password for your account at ${tenantName}.`,
      'To set a new password, open this link within 30 minutes. It works once.',
    ],
    link: { label: 'Set a new password', address: addressOf(publicUrl, 'reset-password', token) },
    after: ['If you did not request this, ignore this mail. Your password has not changed.'],
  });
}

export function emailVerificationMail({ tenantName, publicUrl, token }: LinkMail): Mail {
  return mailOf({
    subject: `${tenantName}: confirm your e-mail address`,
    before: [
      `An account at ${tenantName} was registered with this e-mail address.`,
      'If you registered it, open this link within 24 hours and enter the password of the account. The link works once.',
    ],
    link: { label: 'Confirm the address', address: addressOf(publicUrl, 'verify-email', token) },
    after: ['If you did not register it, ignore this mail. Without the link, the account does not get your address.'],
  });
}

/** Answers a registration with an existing account's address, which the HTTP answer must not reveal. */
export function accountExistsMail({ tenantName }: Sender): Mail {
  return mailOf({
    subject: `${tenantName}: you have an account`,
    before: [
      `Someone tried to register at ${tenantName} with this e-mail address, which already has an account.`,
      'If it was you, log in, or request a new password on the login page.',
    ],
    after: ['If it was not you, ignore this mail. Your account has not changed.'],
  });
}

/** Has no link, so that phishing mails cannot imitate it. */
export function passwordChangedMail({ tenantName }: Sender): Mail {
  return mailOf({
    subject: `${tenantName}: your password was changed`,
    before: [
      `The password of your account at ${tenantName} was changed, and all devices were logged out.`,
      'If it was you, you need not do anything.',
    ],
    after: [
      'If it was not you, request a new password on the login page, and inform an administrator. For your safety, this mail contains no link.',
    ],
  });
}

function addressOf(publicUrl: string, page: string, token: string): string {
  return `${publicUrl}/${page}#token=${encodeURIComponent(token)}`;
}

interface MailContent {
  readonly subject: string;
  readonly before: readonly string[];
  readonly link?: { readonly label: string; readonly address: string };
  readonly after: readonly string[];
}

const greeting = 'Hello,';

function mailOf({ subject, before, link, after }: MailContent): Mail {
  const linkLines = link === undefined ? [] : [link.address, ''];
  const linkHtml =
    link === undefined ? [] : [`<p><a href="${escapeHtml(link.address)}">${escapeHtml(link.label)}</a></p>`];
  return {
    subject,
    text: [greeting, '', ...before, '', ...linkLines, ...after, ''].join('\n'),
    html: [
      '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
      `<p>${escapeHtml(greeting)}</p>`,
      `<p>${escapeHtml(before.join(' '))}</p>`,
      ...linkHtml,
      `<p>${escapeHtml(after.join(' '))}</p>`,
      '</body></html>',
    ].join('\n'),
  };
}
