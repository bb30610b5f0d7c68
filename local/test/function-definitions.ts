import { join } from 'node:path';
import type { FunctionDefinition } from '../contract.ts';

export const functionsDirectory = join(import.meta.dirname, 'fixture', 'functions');

export function functionDefinition(handler: string, settings: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const name = settings.name ?? handler.replaceAll('.', '-');
  return {
    name,
    arn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
    roleArn: `arn:aws:iam::000000000000:role/${name}`,
    codeDirectory: functionsDirectory,
    handler,
    environment: {},
    timeoutMs: 5_000,
    memoryMiB: 128,
    ...settings,
  };
}
