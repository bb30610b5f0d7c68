import { ByteReader, DamagedFile } from './byte-rules.ts';

/** A PDF file (ISO 32000-2, 7.5) begins with its version, and says where its end is. */
export function checkPdf(bytes: Uint8Array): void {
  const reader = new ByteReader(bytes);
  const tail = reader.slice(Math.max(0, reader.length - 2048), reader.length);
  if (!/^%PDF-[12]\.\d/.test(reader.text(0, 8))) throw new DamagedFile('No PDF');
  if (!new ByteReader(tail).text(0, tail.length).includes('%%EOF')) throw new DamagedFile('The PDF ends too early');
}

/** Text is UTF-8 without any control character that text does not have. */
export function checkText(bytes: Uint8Array): void {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DamagedFile('No UTF-8', { cause: error });
  }

  if (/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text)) throw new DamagedFile('No text');
}

/** Office files are archives with a list of what is in them, and one part by which their kind is known (ECMA-376, part 2). */
export function checkOffice(names: readonly string[], mainPart: string): void {
  if (!names.includes('[Content_Types].xml') || !names.includes(mainPart)) throw new DamagedFile('No Office document');
}

/** Whether the document brings a program along. */
export function hasMacros(names: readonly string[]): boolean {
  return names.some((name) => /vbaProject\.bin$|\/activeX\//i.test(name));
}

const strangeStarts = ['<script', '<html', '<svg', '<!doctype', '<?xml', '<?php', '%pdf-', 'pk\x03\x04', '*/'];
const strangeAnywhere = ['<script', '<!doctype'];

/** Whether something else is hidden in what no picture needs. */
export function isSomethingElse(strange: readonly Uint8Array[]): boolean {
  return strange.some((part) => {
    const text = lowerCase(part);
    return strangeStarts.some((start) => text.includes(start));
  });
}

/** Whether bytes that look like compressed data are a page of HTML to whoever believes so. */
export function holdsMarkup(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x3c); at >= 0; at = bytes.indexOf(0x3c, at + 1)) {
    const text = lowerCase(bytes.subarray(at, at + 9));
    if (strangeAnywhere.some((start) => text.startsWith(start))) return true;
  }
  return false;
}

/** Whether a browser that guesses would take it for a page: https://mimesniff.spec.whatwg.org/#rules-for-identifying-an-unknown-mime-type */
export function looksLikePage(bytes: Uint8Array): boolean {
  return /^[\s\ufeff]*<(!doctype|html|head|body|script|iframe|svg|style|table|a|b|p|br|div|h1|font|title|!--|\?xml)\b/i.test(
    new TextDecoder().decode(bytes.subarray(0, 1024)),
  );
}

function lowerCase(bytes: Uint8Array): string {
  return new ByteReader(bytes).text(0, bytes.length).toLowerCase();
}
