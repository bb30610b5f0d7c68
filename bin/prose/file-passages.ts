import ts from 'typescript';
import { mask, maskInlineCode, passagesOf } from './passage.ts';
import type { Passage, PassageKind } from './passage.ts';

/** `path` is relative to the repository. */
export function passagesOfFile(path: string, text: string): Passage[] {
  return path.endsWith('.md') ? passagesOfMarkdown(text) : passagesOfSource(path, text);
}

function passagesOfMarkdown(text: string): Passage[] {
  let prose = mask(text, /^---\n[\s\S]*?\n---$/g, ' ');
  prose = mask(prose, /^( *)```[\s\S]*?^\1```$/gm, ' ');
  prose = mask(maskInlineCode(prose), /<!--[\s\S]*?-->|^\s*>/gm, ' ');
  prose = mask(mask(prose, /\]\([^)\s]*\)/g, ' '), /https?:\/\/\S+/g, 'x');
  return passagesOf(prose, 'markdown', text);
}

const readMembers = new Set(['summary', 'description', 'title', 'detail']);

function passagesOfSource(path: string, text: string): Passage[] {
  const parsed = ts.createSourceFile(path, text, {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
  const isTest = /(^|\/)test\/|\.test\.ts$/.test(path);
  const literals: [number, number][] = [];
  const passages: Passage[] = [];
  const add = (kind: PassageKind, node: ts.Node) => passages.push(...passagesOfString(kind, node, parsed));
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isRegularExpressionLiteral(node)) {
      literals.push([node.getStart(parsed), node.end]);
    }
    if (ts.isCallExpression(node) && node.arguments[0] !== undefined) {
      const caller = calledBy(node);
      if (caller === 'describe') add('group-title', node.arguments[0]);
      if (caller === 'it' || caller === 'test') add('test-name', node.arguments[0]);
      if (
        caller === 'z' &&
        path.startsWith('shared/contract/') &&
        node.expression.getText(parsed).endsWith('.describe')
      ) {
        add('contract', node.arguments[0]);
      }
    }
    if (path.startsWith('bin/cli/')) {
      if (isText(node) && / /.test(node.getText(parsed))) add('cli', node);
    } else if (ts.isPropertyAssignment(node) && !isTest && readMembers.has(node.name.getText(parsed))) {
      add('contract', node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return [...passages, ...passagesOfComments(text, literals)];
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** The start of a call chain: `it` in `it.each(…)('…')`. */
function calledBy(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node)) return calledBy(node.expression);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  return /^(?:each|for|only|skip|skipIf|runIf|concurrent|describe)$/.test(node.name.text)
    ? calledBy(node.expression)
    : undefined;
}

function passagesOfString(kind: PassageKind, node: ts.Node, source: ts.SourceFile): Passage[] {
  if (ts.isConditionalExpression(node)) {
    return [node.whenTrue, node.whenFalse].flatMap((branch) => passagesOfString(kind, branch, source));
  }
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (!isText(node) && !isSum) return [];
  const start = node.getStart(source);
  let prose = node.getText(source);
  if (isSum) prose = mask(prose, /['"`]\s*\+\s*['"`]/g, ' ');
  prose = mask(prose, /^['"`]|['"`]$|\\n/g, ' ').replaceAll(/\$\{[^}]*\}/g, (code) => 'x'.repeat(code.length));
  prose = maskInlineCode(prose.replaceAll('\\`', ' `'));
  return passagesOf(mask(prose, /^\s*\$ .*$/gm, ' '), kind, source.text, start);
}

function passagesOfComments(text: string, literals: readonly (readonly [number, number])[]): Passage[] {
  let code = '';
  for (const [start, end] of literals) {
    if (start < code.length) continue;
    code += text.slice(code.length, start) + text.slice(start, end).replaceAll(/[^\n]/g, '_');
  }
  code += text.slice(code.length);
  const passages: Passage[] = [];
  for (const { index, 0: comment } of code.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*/g)) {
    const marks = comment.startsWith('/*') ? /^\/\*+|\*+\/$|^[ \t]*\*(?!\/)/gm : /^[ \t]*\/\/+/gm;
    const prose = mask(mask(comment, marks, ' '), /https?:\/\/\S+/g, 'x');
    passages.push(...passagesOf(maskInlineCode(prose), 'comment', text, index));
  }
  return passages;
}
