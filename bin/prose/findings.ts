import type { Passage } from './passage.ts';
import { proseRules } from './prose-rules.ts';

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly words: string;
  readonly fix: string;
}

const longestQuote = 70;

export function findingsIn(path: string, passages: readonly Passage[]): Finding[] {
  return passages.flatMap((passage) =>
    proseRules
      .filter(({ kinds }) => kinds.includes(passage.kind))
      .flatMap((rule) =>
        rule.find(passage.prose).map(({ start, text }) => ({
          path,
          line: passage.line + passage.original.slice(0, start).split('\n').length - 1,
          rule: rule.name,
          words: quote(passage.original.slice(start, start + text.length)),
          fix: rule.fix,
        })),
      ),
  );
}

function quote(text: string): string {
  const line = text.replaceAll(/\s*\n\s*(?:\/\/|\*)?\s*/g, ' ').trim();
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}
