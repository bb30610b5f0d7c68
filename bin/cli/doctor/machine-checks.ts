import { createRequire } from 'node:module';
import { failed, type Finding, passed } from './check.ts';

const neededMajor = 24;

export function checkNode(): Finding {
  const { version } = process;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= neededMajor) return passed(version);
  return failed(`${version} is too old`, `Install Node ${neededMajor} or newer: https://nodejs.org`);
}

export function checkEngine(): Finding {
  const endpoint = process.env['DYNAMODB_ENDPOINT'];
  if (endpoint !== undefined && endpoint !== '') return passed(`DYNAMODB_ENDPOINT is ${endpoint}`);
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(`${name}/dynoxide`);
    return passed(name);
  } catch {
    return failed(
      `${name} is not installed`,
      `npm install --no-save ${name}, or set DYNAMODB_ENDPOINT to a DynamoDB-compatible server`,
    );
  }
}
