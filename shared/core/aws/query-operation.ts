import { AwsOperation } from './aws-operation.ts';
import type { Service } from './endpoint.ts';

/**
 * An operation of the Query protocol: a form, answered in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class QueryOperation<Output> extends AwsOperation<Output> {
  constructor(
    service: Service,
    { name, version, fields }: { name: string; version: string; fields: Readonly<Record<string, string>> },
    read: (xml: string) => Output,
  ) {
    const form = new URLSearchParams({ Action: name, Version: version, ...fields });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    super(service, name, { method: 'POST', path: '/', headers, body: form.toString() }, (answer) =>
      read(answer.toString()),
    );
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

/** The text of the first element of the name, which has neither attributes nor elements. */
export function textIn(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml) ?? [];
  return text === undefined ? undefined : plainText(text);
}

/** The entries of a map of texts. */
export function entriesIn(xml: string): ReadonlyMap<string, string> {
  const entries = xml.matchAll(/<entry>\s*<key>([^<]*)<\/key>\s*<value>([^<]*)<\/value>\s*<\/entry>/g);
  return new Map([...entries].map(([, key = '', value = '']) => [plainText(key), plainText(value)]));
}

function plainText(text: string): string {
  return text.trim().replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hexadecimal, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hexadecimal !== undefined) return String.fromCodePoint(parseInt(String(hexadecimal), 16));
    return entities[String(name)] ?? String(entity);
  });
}
