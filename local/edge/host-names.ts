const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** A public name server cannot assign loopback names. */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host);
}

export interface HostNames {
  /** Detects DNS rebinding: a web page can point its own name at this machine and share the API's origin. */
  isKnown(headers: NameHeaders): boolean;
  originOf(headers: NameHeaders): string;
}

interface NameHeaders {
  readonly host?: string | undefined;
  readonly 'x-forwarded-host'?: string | string[] | undefined;
}

/** Accepts the host of `publicUrl`, and loopback names with any port, as a tunnel may use another. */
export function hostNames(publicUrl: string | undefined): HostNames {
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return {
    isKnown: ({ host }) => host !== undefined && (isLoopbackHost(host) || host === publicHost),
    originOf: ({ host = '', 'x-forwarded-host': forwarded }) =>
      publicUrl !== undefined && (host === publicHost || forwarded === publicHost) ? publicUrl : `http://${host}`,
  };
}
