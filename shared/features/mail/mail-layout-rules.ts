export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailStyle {
  /** A language tag. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** Of the button, such as `#1a6b54`. */
  readonly colour: string;
}

export interface MailContent {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A text that a person wrote. Its line breaks stay. */
  readonly quote?: string;
  readonly link?: MailLink;
  /** In small print. */
  readonly footer?: readonly string[];
  readonly footerLink?: MailLink;
}

interface MailLink {
  readonly label: string;
  readonly address: string;
}

/** Escapes every part, so the parts may contain any text. */
export function layOut({ language, direction, colour }: MailStyle, content: MailContent): Mail {
  const { subject, paragraphs, quote, link, footer = [], footerLink } = content;
  const align = direction === 'rtl' ? 'right' : 'left';
  return {
    subject: oneLine(subject),
    text: [
      ...paragraphs,
      ...(quote === undefined ? [] : [quoted(quote)]),
      ...(link === undefined ? [] : [`${link.label}:\n${link.address}`]),
      ...(footer.length === 0 && footerLink === undefined ? [] : ['--']),
      ...footer,
      ...(footerLink === undefined ? [] : [`${footerLink.label}:\n${footerLink.address}`]),
    ]
      .join('\n\n')
      .concat('\n'),
    html: [
      `<!doctype html><html lang="${escapeHtml(language)}" dir="${direction}"><head><meta charset="utf-8">`,
      `<title>${escapeHtml(oneLine(subject))}</title></head>`,
      `<body dir="${direction}" style="font-family:sans-serif;line-height:1.5;text-align:${align};color:#222">`,
      ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
      ...(quote === undefined ? [] : [quoteHtml(quote, align, colour)]),
      ...(link === undefined ? [] : [buttonHtml(link, colour)]),
      ...footer.map((line) => `<p style="${smallPrint}">${escapeHtml(line)}</p>`),
      ...(footerLink === undefined ? [] : [`<p style="${smallPrint}">${anchor(footerLink, '')}</p>`]),
      '</body></html>',
    ].join('\n'),
  };
}

const smallPrint = 'font-size:smaller;color:#595959';

/** A line break in a subject would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** The direction of the text is that of its first letter. */
function quoteHtml(text: string, align: string, colour: string): string {
  const style = `margin:1em 0;padding:0 1em;border-${align}:3px solid ${escapeHtml(colour)};white-space:pre-wrap`;
  return `<blockquote dir="auto" style="${style}">${escapeHtml(text)}</blockquote>`;
}

function buttonHtml(link: MailLink, colour: string): string {
  const style = `display:inline-block;padding:.6em 1.2em;border-radius:.3em;background:${colour};color:${inkOn(colour)};text-decoration:none`;
  return `<p>${anchor(link, style)}</p>`;
}

function anchor({ label, address }: MailLink, style: string): string {
  const styled = style === '' ? '' : ` style="${escapeHtml(style)}"`;
  return `<a href="${escapeHtml(address)}"${styled}>${escapeHtml(label)}</a>`;
}

/** Black or white, whichever has the higher contrast. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function inkOn(colour: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
