import ts from 'typescript';

export function isDeclared(name: ts.Identifier): boolean {
  return ts.isVariableDeclaration(name.parent) && name.parent.name === name;
}

export function isReceiver(call: ts.Node): boolean {
  const isDeclaration = ts.isFunctionDeclaration(call);
  return isDeclaration || (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.parent));
}

export function isPassedOn(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node && parent.type !== undefined;
  return (
    ts.isReturnStatement(parent) ||
    ts.isArrowFunction(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isAsExpression(parent)
  );
}
