const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Returns true for a loopback name, with or without a port. A public name server cannot assign these names. */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host);
}

export interface HostNames {
  /**
   * Returns whether a request names this server. A web page can point its own name at this machine ("DNS rebinding").
   * It would then have the same origin as the API.
   */
  isKnown(headers: NameHeaders): boolean;
  /** Returns the origin by which a request's sender reaches this port. */
  originOf(headers: NameHeaders): string;
}

interface NameHeaders {
  readonly host?: string | undefined;
  readonly 'x-forwarded-host'?: string | string[] | undefined;
}

/** Accepts loopback names with any port, because a tunnel may start at another one, and the host of `publicUrl`. */
export function hostNames(publicUrl: string | undefined): HostNames {
  const publicHost = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  return {
    isKnown: ({ host }) => host !== undefined && (isLoopbackHost(host) || host === publicHost),
    originOf: ({ host = '', 'x-forwarded-host': forwarded }) =>
      publicUrl !== undefined && (host === publicHost || forwarded === publicHost) ? publicUrl : `http://${host}`,
  };
}
