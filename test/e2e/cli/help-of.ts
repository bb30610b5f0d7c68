import { vi } from 'vitest';
import { main } from '../../../bin/cli/main.ts';

export interface Help {
  readonly exitCode: number | string | null | undefined;
  readonly output: string;
}

/** Runs `<command> --help` in this process, because starting one for each command takes half a second of CPU time. */
export async function helpOf(...command: readonly string[]): Promise<Help> {
  const listeners = process.stdout.listeners('error');
  const exitCode = process.exitCode;
  let output = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    process.exitCode = undefined;
    await main([...command, '--help']);
    return { exitCode: process.exitCode, output };
  } finally {
    write.mockRestore();
    process.exitCode = exitCode;
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as (error: Error) => void);
    }
  }
}
