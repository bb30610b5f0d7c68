import * as z from 'zod/mini';
import { config } from '../runtime/config.ts';
import { defaultPorts, type UrlPolicy } from './url-rules.ts';

/** A server on this machine that stands for the hosts below a public domain. */
export interface FarSides {
  readonly domain: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Signs its certificates, in PEM. */
  readonly authority: string;
}

export interface EgressPolicy extends UrlPolicy {
  readonly farSides?: FarSides | undefined;
}

const farSides = z.object({ domain: z.string(), port: z.int(), authority: z.string() });

/** Only the local run sets the variable. A test ensures that no template does. */
export function egressPolicy(): EgressPolicy {
  const local = config.farSides;
  return {
    ports: defaultPorts,
    ownHosts: [new URL(config.publicUrl).hostname],
    farSides: local === undefined ? undefined : farSides.parse(JSON.parse(local)),
  };
}
