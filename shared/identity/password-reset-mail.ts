export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * The mail with the link to set a new password. It shows nothing that whoever made the account could choose freely: a
 * first name would let strangers write a line to anybody.
 */
export function passwordResetMail(input: {
  readonly tenantName: string;
  readonly publicUrl: string;
  readonly token: string;
}): Mail {
  const { tenantName } = input;
  const link = `${input.publicUrl}/reset-password#token=${encodeURIComponent(input.token)}`;
  const lines = {
    greeting: 'Hello,',
    request: `somebody, probably you, asked for a new password for your account at ${tenantName}.`,
    instruction: 'To set it, open this link within 30 minutes. It works once.',
    otherwise: 'If it was not you, do nothing: your password stays as it is.',
  };
  return {
    subject: `${tenantName}: set a new password`,
    text: [lines.greeting, '', lines.request, lines.instruction, '', link, '', lines.otherwise, ''].join('\n'),
    html: [
      '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
      `<p>${escapeHtml(lines.greeting)}</p>`,
      `<p>${escapeHtml(lines.request)} ${escapeHtml(lines.instruction)}</p>`,
      `<p><a href="${escapeHtml(link)}">Set a new password</a></p>`,
      `<p>${escapeHtml(lines.otherwise)}</p>`,
      '</body></html>',
    ].join('\n'),
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
